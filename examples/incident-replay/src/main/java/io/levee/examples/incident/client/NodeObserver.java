package io.levee.examples.incident.client;

/** Hears what a client notices about its nodes, on any thread. */
@FunctionalInterface
public interface NodeObserver {
    /**
     * The client noticed something.
     *
     * @param address host:port, or null if it is not about one node
     */
    void observed(String address, String text);
}
