package io.levee.examples.site.nodes;

import io.levee.examples.site.nodes.NodeProcesses.ProcessState;

/** What can be done to a node. */
public enum NodeAction {
    /** SIGKILL: connections break, and what it held is gone. */
    KILL(ProcessState.KILLED),
    /** SIGSTOP: connections stay, and nothing is answered. */
    HANG(ProcessState.HUNG),
    /** SIGCONT: it goes on where it was stopped. */
    RESUME(ProcessState.RUNNING),
    /** Kills it if need be, and starts it again, empty. */
    RESTART(ProcessState.RUNNING);

    private final ProcessState leadsTo;

    NodeAction(ProcessState leadsTo) {
        this.leadsTo = leadsTo;
    }

    ProcessState leadsTo() {
        return leadsTo;
    }

    /** Whether it would change anything. */
    public boolean isPossible(ProcessState state) {
        return switch (this) {
            case KILL -> state != ProcessState.KILLED;
            case HANG -> state == ProcessState.RUNNING;
            case RESUME -> state == ProcessState.HUNG;
            case RESTART -> true;
        };
    }
}
