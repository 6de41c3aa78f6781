package io.levee.cache.internal.health;

/**
 * What a server said about itself when it was last asked. Numbers it did not tell are -1, texts null: other servers that
 * speak memcached's protocol, proxies above all, leave much out.
 *
 * @param version as the server writes it
 * @param uptimeSeconds how long it has been running
 * @param startedAtSeconds when it was started, by its own clock: constant for the life of its process
 * @param process its process id
 * @param connections open connections, from all its clients
 * @param maxConnections its limit on them
 * @param itemLimitBytes the largest item it stores
 */
public record Vitals(
        String version,
        long uptimeSeconds,
        long startedAtSeconds,
        long process,
        int connections,
        int maxConnections,
        int itemLimitBytes) {
    /** A server that told nothing. */
    public static final Vitals UNKNOWN = new Vitals(null, -1, -1, -1, -1, -1, -1);

    /**
     * Whether this is another process than the one that told {@code before}. Start time and process id each give a restart
     * away; uptime is the last resort, because it stands still while a server is stopped and so can only be trusted to go
     * backwards.
     */
    public boolean isRestartOf(Vitals before) {
        return differ(startedAtSeconds, before.startedAtSeconds)
                || differ(process, before.process)
                || (uptimeSeconds >= 0 && uptimeSeconds < before.uptimeSeconds);
    }

    /** These, and what is unknown of them from {@code before}. */
    public Vitals or(Vitals before) {
        return new Vitals(
                version == null ? before.version : version,
                known(uptimeSeconds, before.uptimeSeconds),
                known(startedAtSeconds, before.startedAtSeconds),
                known(process, before.process),
                (int) known(connections, before.connections),
                (int) known(maxConnections, before.maxConnections),
                (int) known(itemLimitBytes, before.itemLimitBytes));
    }

    /** These, with so many connections if there were fewer. */
    public Vitals amid(int otherConnections) {
        return new Vitals(
                version,
                uptimeSeconds,
                startedAtSeconds,
                process,
                Math.max(connections, otherConnections),
                maxConnections,
                itemLimitBytes);
    }

    private static long known(long now, long before) {
        return now >= 0 ? now : before;
    }

    private static boolean differ(long now, long before) {
        return now >= 0 && before >= 0 && now != before;
    }
}
