package io.levee.examples.incident.client;

import io.levee.examples.incident.site.SitePages;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the clients that can be compared.
 *
 * @param name as on the command line
 * @param timeout null for the client's own default
 */
public record ClientKind(String name, Library library, Duration timeout) {
    /** What it is made with. */
    public enum Library {
        LEVEE,
        SPYMEMCACHED,
        NONE
    }

    private static final Pattern SPYMEMCACHED_WITH_TIMEOUT = Pattern.compile("spymemcached@(\\d{1,5})");

    /**
     * The client of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ClientKind of(String name) {
        Matcher withTimeout = SPYMEMCACHED_WITH_TIMEOUT.matcher(name);
        if (withTimeout.matches()) {
            int millis = Integer.parseInt(withTimeout.group(1));
            if (millis < 1) {
                throw new IllegalArgumentException("the timeout of " + name + " must be 1 ms or more");
            }
            return new ClientKind(name, Library.SPYMEMCACHED, Duration.ofMillis(millis));
        }
        return switch (name) {
            case "levee" -> new ClientKind(name, Library.LEVEE, null);
            case "spymemcached" -> new ClientKind(name, Library.SPYMEMCACHED, null);
            case "none" -> new ClientKind(name, Library.NONE, null);
            default ->
                throw new IllegalArgumentException(
                        "there is no client " + name + "; there are levee, spymemcached, spymemcached@MILLIS and none");
        };
    }

    public boolean usesNodes() {
        return library != Library.NONE;
    }

    /** Connects. What the client notices about its nodes goes to {@code observer}. */
    public SiteCache connect(List<InetSocketAddress> nodes, SitePages pages, NodeObserver observer) throws IOException {
        return switch (library) {
            case LEVEE -> new LeveeClient(nodes, pages, observer);
            case SPYMEMCACHED -> new SpymemcachedClient(nodes, pages, timeout);
            case NONE -> new NoCacheClient(pages);
        };
    }
}
