package io.levee.examples.site;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set of the site itself.
 *
 * @param ownNodes whether it starts memcached nodes of its own; if not, {@code levee.nodes} says where some are
 * @param nodes how many it starts
 * @param projects how many there are
 * @param pledges how many of them; the stats are slower the more there are
 * @param diskRead how long the embedded database waits for each page of its disk
 * @param visitors what the built-in load is at start, in visits a second
 * @param mostVisitors what it can be turned up to
 */
@ConfigurationProperties("site")
public record SiteProperties(
        @DefaultValue("true") boolean ownNodes,
        @DefaultValue("3") int nodes,
        @DefaultValue("400") int projects,
        @DefaultValue("60000") int pledges,
        @DefaultValue("2ms") Duration diskRead,
        @DefaultValue("150") int visitors,
        @DefaultValue("400") int mostVisitors) {
    public SiteProperties {
        check("nodes", nodes, 1, 8);
        check("projects", projects, 24, 100_000);
        check("pledges", pledges, 1_000, 100_000_000);
        check("most-visitors", mostVisitors, 1, 1_000);
        check("visitors", visitors, 0, mostVisitors);
        if (diskRead.isNegative() || diskRead.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("site.disk-read must be 0 to 1s, but is " + diskRead);
        }
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "site." + name + " must be " + least + " to " + most + ", but is " + value);
        }
    }
}
