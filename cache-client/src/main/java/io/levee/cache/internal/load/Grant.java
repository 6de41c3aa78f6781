package io.levee.cache.internal.load;

/**
 * Leave to run one load, until it ends.
 *
 * @param permit its own, or its share of another load's
 * @param turns whose turn it is with that other load's permit; null with a permit of its own
 */
record Grant(Permit permit, LoadPermits turns) {
    /** Called once. */
    void end() {
        permit.release();
        if (turns != null) {
            turns.release();
        }
    }
}
