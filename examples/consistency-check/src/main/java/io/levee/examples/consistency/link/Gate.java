package io.levee.examples.consistency.link;

/** Whether a link lets pass what is said. Thread-safe. */
final class Gate {
    private enum State {
        OPEN,
        PAUSED,
        SHUT
    }

    private State state = State.OPEN;
    private int pauses;

    synchronized void open() {
        state = State.OPEN;
        notifyAll();
    }

    /** From now on who wants to pass waits. */
    synchronized void pause() {
        state = State.PAUSED;
        pauses++;
    }

    /** From now on nobody passes, nor do those who wait. */
    synchronized void shut() {
        state = State.SHUT;
        notifyAll();
    }

    /** How many pauses there have been that are over. */
    synchronized int pastPauses() {
        return state == State.PAUSED ? pauses - 1 : pauses;
    }

    /** Waits while there is a pause; returns whether one may pass. */
    synchronized boolean pass() {
        while (state == State.PAUSED) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return state == State.OPEN;
    }
}
