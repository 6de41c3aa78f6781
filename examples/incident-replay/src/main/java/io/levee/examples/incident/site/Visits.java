package io.levee.examples.incident.site;

import java.util.random.RandomGenerator;

/** The pages that visitors ask for, one after another: with one seed, each client is asked for the same. */
public final class Visits {
    private final Zipf projects;
    private final Zipf weeks;
    private final double statsShare;
    private final RandomGenerator random;

    public Visits(int projects, int weeks, double statsShare, RandomGenerator random) {
        this.projects = new Zipf(projects);
        this.weeks = new Zipf(weeks);
        this.statsShare = statsShare;
        this.random = random;
    }

    public Page next() {
        return random.nextDouble() < statsShare ? Page.stats(weeks.draw(random)) : Page.project(projects.draw(random));
    }
}
