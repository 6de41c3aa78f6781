package io.levee.cache.discovery;

import java.util.Locale;

/**
 * A memcached node as it was configured. The configured host names the node on the ring, so it is never replaced by what it
 * resolves to.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65,535
 * @param weight its share of the keys relative to the other nodes, 1 to 1,000
 */
public record NodeAddress(String host, int port, int weight) {
    private static final int DEFAULT_PORT = 11211;

    public NodeAddress {
        if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ' || c == '*' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("node host must be a name or an address, but is \"" + host + "\"");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of node " + host + " must be 1 to 65535, but is " + port);
        }
        if (weight < 1 || weight > 1_000) {
            throw new IllegalArgumentException("weight of node " + host + " must be 1 to 1000, but is " + weight);
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]:port}, each with an optional {@code *weight}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static NodeAddress parse(String text) {
        String address = text.strip();
        int weight = 1;
        int star = address.lastIndexOf('*');
        if (star >= 0) {
            weight = number(text, "weight", address.substring(star + 1));
            address = address.substring(0, star);
        }
        String host = address;
        int port = DEFAULT_PORT;
        int colon = address.lastIndexOf(':');
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            if (end < 0 || (end + 1 < address.length() && address.charAt(end + 1) != ':')) {
                throw new IllegalArgumentException("node \"" + text + "\" must be written [ipv6]:port");
            }
            host = address.substring(1, end);
            if (end + 1 < address.length()) {
                port = number(text, "port", address.substring(end + 2));
            }
        } else if (colon >= 0) {
            if (address.indexOf(':') != colon) {
                throw new IllegalArgumentException(
                        "node \"" + text + "\": write an IPv6 address in brackets, [ipv6]:port");
            }
            host = address.substring(0, colon);
            port = number(text, "port", address.substring(colon + 1));
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("node \"" + text + "\" names no host; write host:port");
        }
        return new NodeAddress(host.toLowerCase(Locale.ROOT), port, weight);
    }

    private static int number(String text, String what, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "node \"" + text + "\": the " + what + " must be a number, but is \"" + digits + "\"", e);
        }
    }

    /** {@code host:port}, with an IPv6 host in brackets and without the weight. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
