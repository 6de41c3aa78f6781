package io.levee.examples.incident.script;

/**
 * Something that the script does to a node.
 *
 * @param atSeconds when, from the beginning of its phase
 * @param node which one, from 0; {@link #NO_NODE} for an action that is not about one
 */
public record Step(double atSeconds, Action action, int node) {
    public static final int NO_NODE = -1;

    /** What can be done. */
    public enum Action {
        /** kill -9. */
        KILL,
        /** Start a killed node, empty. */
        START,
        /** SIGSTOP: its connections stay open, and nothing is answered. */
        HANG,
        /** SIGCONT. */
        RESUME,
        /** kill -9 and start at once, empty. */
        RESTART,
        /** Other clients take every connection that the nodes have left, and try again and again for one more. */
        CROWD_COMES,
        /** They go. */
        CROWD_GOES
    }

    static Step of(Action action, int node) {
        return new Step(0, action, node);
    }

    static Step of(Action action) {
        return new Step(0, action, NO_NODE);
    }

    Step at(double seconds) {
        return new Step(seconds, action, node);
    }
}
