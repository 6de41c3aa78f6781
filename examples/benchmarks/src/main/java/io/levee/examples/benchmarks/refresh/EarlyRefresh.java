package io.levee.examples.benchmarks.refresh;

import java.util.List;

/**
 * Compares rules for loading a value anew, in a simulated fleet: Levee's own, and XFetch (Vattani, Chierichetti and Lowenstein,
 * "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015).
 */
public final class EarlyRefresh {
    private static final String HELP = """
            Usage: examples/run benchmarks io.levee.examples.benchmarks.refresh.EarlyRefresh [--lognormal] [--seed N]

            Simulates a fleet of 20 processes that reads one key, fresh for 54 to 60 s, and compares rules for loading
            it anew. Takes no time of its own from the clock: the same seed prints the same table.

              --lognormal  loads take longer or shorter by chance (sigma 1), with the same mean
              --seed N     another course of chance (default 1)
              --help       this text
            """;

    private static final int PROCESSES = 20;
    private static final double HOUR = 3_600;
    private static final double EIGHTY_PERCENT = 0.8 * Simulation.FRESH;
    private static final double ANY = 1;
    private static final double TENTH = 0.1;

    private static final List<Rule> RULES = List.of(
            Rule.atTheEnd("at the end", 0),
            Rule.refreshAfter("at 80 %", 0, EIGHTY_PERCENT),
            Rule.atTheEnd("at the end, stale", HOUR),
            Rule.refreshAfter("at 80 %, stale", HOUR, EIGHTY_PERCENT),
            Rule.atTheEnd("at the end", 0).asking(),
            Rule.refreshAfter("at 80 %", 0, EIGHTY_PERCENT).asking(),
            Rule.xfetch("xfetch", 0, ANY),
            Rule.xfetch("xfetch, last tenth", 0, TENTH),
            Rule.atTheEnd("at the end, stale", HOUR).asking(),
            Rule.refreshAfter("at 80 %, stale", HOUR, EIGHTY_PERCENT).asking(),
            Rule.xfetch("xfetch, stale", HOUR, ANY),
            Rule.xfetch("xfetch, stale, last tenth", HOUR, TENTH));

    private EarlyRefresh() {}

    public static void main(String[] args) {
        double sigma = 0;
        long seed = 1;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--help" -> {
                        System.out.print(HELP);
                        return;
                    }
                    case "--lognormal" -> sigma = 1;
                    case "--seed" -> seed = Long.parseLong(i + 1 < args.length ? args[++i] : "");
                    default -> throw new IllegalArgumentException("unknown option " + args[i] + "; --help lists them");
                }
            }
        } catch (NumberFormatException e) {
            System.err.println("early-refresh: --seed needs a whole number");
            System.exit(2);
        } catch (IllegalArgumentException e) {
            System.err.println("early-refresh: " + e.getMessage());
            System.exit(2);
        }
        for (double loadSeconds : new double[] {0.01, 0.2, 5}) {
            for (double readsPerSecond : new double[] {0.1, 1, 10, 100, 1_000}) {
                print(new Scenario(PROCESSES, readsPerSecond, loadSeconds, sigma), seed);
            }
        }
    }

    private static void print(Scenario scenario, long seed) {
        System.out.printf(
                "%n%d processes, %s reads/s in all, loads of %s s%s%n",
                scenario.processes(),
                scenario.readsPerSecond(),
                scenario.loadSeconds(),
                scenario.sigma() == 0 ? "" : " on average, lognormal");
        System.out.printf(
                "  %-28s %12s %10s %10s %9s %9s%n", "", "loads/period", "waited %", "p99 wait s", "stale %", "early s");
        for (Rule rule : RULES) {
            Tally tally = new Simulation(scenario, rule, seed).run();
            System.out.printf(
                    "  %-28s %12.2f %10.3f %10.3f %9.3f %9.2f%n",
                    rule.name(),
                    tally.loadsPerPeriod(),
                    tally.waitedPercent(),
                    tally.p99WaitSeconds(),
                    tally.stalePercent(),
                    tally.meanEarlySeconds());
        }
    }
}
