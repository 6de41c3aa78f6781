package io.levee.examples.benchmarks.refresh;

/**
 * One key of a memcached node, with meta commands, on simulated time: whole-second expiry, leases of missing keys ({@code N}) and of
 * items near their end ({@code R}), and fills that count only if the item or lease that they began with is there.
 */
final class SimulatedNode {
    enum Lease {
        NONE,
        WON,
        LOST
    }

    /** A value with its times. */
    record Value(double writtenAt, double freshUntil, double loadTook) {}

    /**
     * What {@code mg} says.
     *
     * @param value null on a miss
     */
    record Answer(Value value, Lease lease, long token) {}

    private final double phase;
    private boolean there;
    private Value value;
    private long token;
    private long expiresAtTick;
    private boolean leaseGiven;

    /** @param phase where in a second the node's clock ticks, 0 to 1 */
    SimulatedNode(double phase) {
        this.phase = phase;
    }

    /** @param recacheSeconds 0 for not asking */
    Answer get(double now, long leaseSeconds, double recacheSeconds) {
        if (!isThere(now)) {
            there = true;
            value = null;
            token++;
            expiresAtTick = tick(now) + leaseSeconds;
            leaseGiven = true;
            return new Answer(null, Lease.WON, token);
        }
        if (leaseGiven) {
            // Memcached says so to every later reader, whether or not it asks.
            return new Answer(value, Lease.LOST, token);
        }
        if (expiresAtTick - tick(now) < recacheSeconds) {
            leaseGiven = true;
            return new Answer(value, Lease.WON, token);
        }
        return new Answer(value, Lease.NONE, token);
    }

    /** {@code ms ... C<token>}; whether it was stored. */
    boolean fill(double now, Value newValue, double ttl, long begunWith) {
        boolean stored = isThere(now) && token == begunWith;
        if (stored) {
            value = newValue;
            token++;
            expiresAtTick = tick(now) + (long) Math.ceil(ttl);
            leaseGiven = false;
        }
        return stored;
    }

    /** {@code md ... C<token>}. */
    void release(double now, long begunWith) {
        if (isThere(now) && token == begunWith) {
            there = false;
        }
    }

    private boolean isThere(double now) {
        there = there && expiresAtTick > tick(now);
        return there;
    }

    private long tick(double now) {
        return (long) Math.floor(now + phase);
    }
}
