package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * One line of a plot.
 *
 * @param label what stands at the line's end
 * @param style the line's CSS classes
 * @param main whether this is a line that the plot is about, rather than one that helps to read it
 * @param points in the order of time; one whose value is not a number is a gap
 */
record Series(String label, String style, boolean main, List<Point> points) {
    record Point(double seconds, double value) {
        boolean isKnown() {
            return Double.isFinite(value);
        }
    }

    static Series of(Look look, ClientRun run, ToDoubleFunction<Sample> figure) {
        return new Series(look.name(), "line " + look.cssClass(), true, points(run, figure));
    }

    /** A thinner line of the same client. */
    static Series thin(Look look, String suffix, ClientRun run, ToDoubleFunction<Sample> figure) {
        String style = "line thin " + look.cssClass();
        return new Series(look.name() + " " + suffix, style, false, points(run, figure));
    }

    /** A line that belongs to no client. */
    static Series reference(String label, ClientRun run, ToDoubleFunction<Sample> figure) {
        return new Series(label, "line reference", false, points(run, figure));
    }

    Series labelled(String text) {
        return new Series(text, style, main, points);
    }

    boolean isEmpty() {
        return points.stream().noneMatch(Point::isKnown);
    }

    double largest() {
        return known().max().orElse(0);
    }

    double smallestAboveZero() {
        return known().filter(value -> value > 0).min().orElse(1);
    }

    double median() {
        double[] sorted = known().sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** The last point that is known. Only of a series that is not empty. */
    Point last() {
        int last = points.size() - 1;
        while (!points.get(last).isKnown()) {
            last--;
        }
        return points.get(last);
    }

    /** The known points, parted at the gaps. */
    List<List<Point>> stretches() {
        List<List<Point>> stretches = new ArrayList<>();
        List<Point> stretch = new ArrayList<>();
        for (Point point : points) {
            if (point.isKnown()) {
                stretch.add(point);
            } else if (!stretch.isEmpty()) {
                stretches.add(stretch);
                stretch = new ArrayList<>();
            }
        }
        if (!stretch.isEmpty()) {
            stretches.add(stretch);
        }
        return stretches;
    }

    private DoubleStream known() {
        return points.stream().filter(Point::isKnown).mapToDouble(Point::value);
    }

    private static List<Point> points(ClientRun run, ToDoubleFunction<Sample> figure) {
        return run.samples().stream()
                .map(sample -> new Point(sample.atSeconds(), figure.applyAsDouble(sample)))
                .toList();
    }
}
