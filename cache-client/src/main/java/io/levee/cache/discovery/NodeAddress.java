package io.levee.cache.discovery;

/**
 * A memcached node as it was configured. The configured host names the node on the ring, letter by letter, so it is never
 * replaced by what it resolves to, nor is its case changed: clients built on libmemcached do neither, and would look for keys
 * elsewhere.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; printable ASCII (an international name in its
 *     {@code xn--} form)
 * @param port 1 to 65,535
 * @param weight its share of the keys relative to the other nodes, 1 to 1,000
 */
public record NodeAddress(String host, int port, int weight) {
    private static final int DEFAULT_PORT = 11211;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_WEIGHT = 1_000;

    /** What a list of nodes, a URL or a weight leaves behind when it is taken for a host. */
    private static final String NEVER_IN_A_HOST = "*[],;/@\"";

    public NodeAddress {
        if (host.isEmpty() || !host.chars().allMatch(NodeAddress::mayBeInAHost)) {
            throw new IllegalArgumentException("node host must be a name or an address, but is \"" + host + "\"");
        }
        if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
            throw new IllegalArgumentException("node host \"" + host
                    + "\" is neither a name nor an IPv6 address; the port is a setting of its own");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port of node " + host + " must be 1 to " + MAX_PORT + ", but is " + port);
        }
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight of node " + host + " must be 1 to " + MAX_WEIGHT + ", but is " + weight);
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}, each with an optional {@code *weight}. The
     * port is 11211 and the weight 1 unless told. Blanks around the whole are left out.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static NodeAddress parse(String text) {
        String address = text.strip();
        int weight = 1;
        int star = address.lastIndexOf('*');
        if (star >= 0) {
            weight = number(text, "weight", address.substring(star + 1), MAX_WEIGHT);
            address = address.substring(0, star);
        }
        boolean bracketed = address.startsWith("[");
        int hostEnd = bracketed ? address.indexOf(']') : address.length();
        int colon = bracketed ? hostEnd + 1 : address.indexOf(':');
        if (bracketed && (hostEnd < 0 || (colon < address.length() && address.charAt(colon) != ':'))) {
            throw new IllegalArgumentException("node \"" + text + "\" must be written [ipv6]:port");
        }
        if (!bracketed && colon != address.lastIndexOf(':')) {
            throw new IllegalArgumentException("node \"" + text
                    + "\" has more than one colon: write one node a text, and an IPv6 address in brackets,"
                    + " [ipv6]:port");
        }
        int port = DEFAULT_PORT;
        if (colon >= 0 && colon < address.length()) {
            port = number(text, "port", address.substring(colon + 1), MAX_PORT);
            hostEnd = bracketed ? hostEnd : colon;
        }
        String host = address.substring(bracketed ? 1 : 0, hostEnd);
        if (host.isEmpty()) {
            throw new IllegalArgumentException("node \"" + text + "\" names no host; write host:port");
        }
        if (bracketed && host.indexOf(':') < 0) {
            throw new IllegalArgumentException("node \"" + text + "\" has brackets around what is not an IPv6 address");
        }
        return new NodeAddress(host, port, weight);
    }

    private static int number(String text, String what, String digits, int max) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "node \"" + text + "\": the " + what + " must be a number, but is \"" + digits + "\"");
        }
        // No bound has more than nine digits, so a longer number is out of bounds, and need not fit an int.
        int number = digits.length() > 9 ? 0 : Integer.parseInt(digits);
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(
                    "node \"" + text + "\": the " + what + " must be 1 to " + max + ", but is " + digits);
        }
        return number;
    }

    private static boolean mayBeInAHost(int c) {
        return c > ' ' && c < 0x7F && NEVER_IN_A_HOST.indexOf(c) < 0;
    }

    /** {@code host:port}, with an IPv6 host in brackets and without the weight. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
