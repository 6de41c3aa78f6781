package io.levee.examples.incident.run;

import io.levee.examples.incident.database.PledgeDatabase;
import io.levee.examples.incident.script.Scenario;
import io.levee.examples.memcached.MemcachedBinary;
import java.time.Duration;

/** What every client's run has in common, so that they can be compared. */
public record Stage(
        Scenario scenario, PledgeDatabase database, MemcachedBinary memcached, int firstPort, SiteSettings site) {
    /** The site and its visitors. */
    public record SiteSettings(
            int threads,
            int queue,
            Duration patience,
            int visitsPerSecond,
            double statsShare,
            int projects,
            int weeks,
            Duration refreshPeriod,
            long seed) {}
}
