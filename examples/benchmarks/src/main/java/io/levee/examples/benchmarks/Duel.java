package io.levee.examples.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Contenders under the same load, in turn, round after round: a machine that slows down slows them all. What is reported is the
 * median of the rounds, and its ratio to the first contender's.
 */
final class Duel {
    private final String title;
    private final List<Contender> contenders;
    private final String[] keys;
    private final int batch;

    Duel(String title, List<Contender> contenders, String[] keys, int batch) {
        this.title = title;
        this.contenders = contenders;
        this.keys = keys;
        this.batch = batch;
    }

    void run(int callers, int rounds, double seconds, PrintStream out) throws InterruptedException {
        Map<Contender, List<Figures>> results = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            results.put(contender, new ArrayList<>());
            new Run(contender, keys, callers, batch).measure(seconds, 0);
        }
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : contenders) {
                results.get(contender).add(new Run(contender, keys, callers, batch).measure(seconds, round));
            }
        }
        print(callers, results, out);
    }

    private void print(int callers, Map<Contender, List<Figures>> results, PrintStream out) {
        out.printf("%n%s, %d caller%s%n", title, callers, callers == 1 ? "" : "s");
        out.printf("  %-34s %12s %7s %10s %10s %9s%n", "", "calls/s", "ratio", "p50 us", "p99 us", "B/call");
        double first = median(results.values().iterator().next(), Figures::callsPerSecond);
        results.forEach((contender, figures) -> {
            double rate = median(figures, Figures::callsPerSecond);
            out.printf(
                    "  %-34s %,12.0f %6.2fx %10.3f %10.3f %,9.0f%n",
                    contender.name(),
                    rate,
                    rate / first,
                    median(figures, Figures::p50Nanos) / 1_000,
                    median(figures, Figures::p99Nanos) / 1_000,
                    median(figures, Figures::bytesPerCall));
        });
        out.flush();
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> figure) {
        double[] sorted = figures.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
