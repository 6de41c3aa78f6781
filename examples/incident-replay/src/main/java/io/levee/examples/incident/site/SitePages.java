package io.levee.examples.incident.site;

import io.levee.examples.incident.database.PledgeDatabase;
import java.sql.SQLException;
import java.time.Duration;

/** What the pages say: each is made from one query. This is the work that a cache saves. */
public final class SitePages {
    /** How long a project's page may lag behind the database: in every client's cache the same. */
    public static final Duration PROJECT_FRESH = Duration.ofSeconds(10);

    private final PledgeDatabase database;
    private final int weeks;
    private final Duration refreshPeriod;

    /**
     * Pages made from {@code database}.
     *
     * @param weeks how many stats pages there are
     * @param refreshPeriod how often the stats pages are made anew, visited or not
     */
    public SitePages(PledgeDatabase database, int weeks, Duration refreshPeriod) {
        this.database = database;
        this.weeks = weeks;
        this.refreshPeriod = refreshPeriod;
    }

    public int weeks() {
        return weeks;
    }

    public Duration refreshPeriod() {
        return refreshPeriod;
    }

    public Duration projectFresh() {
        return PROJECT_FRESH;
    }

    /** Long enough that a refresh that comes a little late, or is lost once, lets no page go cold. */
    public Duration statsFresh() {
        return refreshPeriod.multipliedBy(3);
    }

    public String make(Page page) throws SQLException {
        return switch (page.kind()) {
            case PROJECT -> project(page.number());
            case STATS -> stats(page.number());
        };
    }

    public String project(int id) throws SQLException {
        PledgeDatabase.Project project = database.project(id);
        return "<h1>" + project.title() + "</h1><p>" + project.blurb() + "</p><p>Goal: " + project.goalCents() / 100
                + "</p>";
    }

    public String stats(int week) throws SQLException {
        PledgeDatabase.PledgeStats stats = database.pledgeStats();
        return "<h1>Week " + week + "</h1><p>" + stats.pledges() + " pledges by " + stats.backers() + " backers, "
                + stats.cents() / 100 + " in all, " + stats.largestCents() / 100 + " the largest</p>";
    }
}
