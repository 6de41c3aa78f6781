package io.levee.examples.incident.report;

import static io.levee.examples.incident.report.Drawing.at;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One figure over time, of all clients on the same axes.
 *
 * @param unit what the vertical axis counts
 * @param finding what it shows, in words
 * @param series drawn in this order, so that the last lies on top
 */
record Plot(String id, String title, String unit, String finding, Measure measure, List<Series> series) {
    /** What kind of figure it is: its axis, how a value is written, and which extreme matters. */
    enum Measure {
        /** The less the worse. */
        SERVED,
        /** The more the worse. */
        LOAD,
        /** The more the worse, over several powers of ten. */
        LATENCY
    }

    private static final double NOTABLE = 1.5;
    private static final double CALLOUT_GAP = 9;

    Plot {
        series = series.stream().filter(one -> !one.isEmpty()).toList();
    }

    boolean isEmpty() {
        return series.isEmpty();
    }

    void draw(Markup page, Course course, List<Look> looks, Breadth breadth) {
        Scale scale = scale();
        Backdrop backdrop = new Backdrop(course, breadth);
        NodeStrip strip = NodeStrip.thin(course, looks, breadth);
        int top = backdrop.headHeight() + breadth.fontSize + 12;
        int bottom = top + breadth.plotHeight;
        int axis = bottom + strip.height() + 5;
        int height = axis + backdrop.footHeight();
        String alternative = title + ". " + finding;
        Drawing drawing = Drawing.open(page, alternative, breadth, height, top, bottom, course.endSeconds());
        backdrop.behind(drawing, backdrop.headHeight(), axis);
        valueAxis(drawing, breadth, scale, top, bottom);
        EndLabels labels = new EndLabels(breadth);
        for (Series one : series) {
            drawing.path(one.style(), path(one, course, breadth, scale, bottom));
            Series.Point last = one.last();
            labels.add(one, breadth.x(last.seconds(), course.endSeconds()), y(last.value(), scale, breadth, bottom));
        }
        labels.draw(drawing, top, bottom);
        extreme(course).ifPresent(point -> {
            double x = breadth.x(point.seconds(), course.endSeconds());
            double y = y(point.value(), scale, breadth, bottom);
            drawing.circle("callout", x, y, 3.5);
            callout(drawing, breadth, labels, written(point.value()), x, Math.max(top - 4.0, y - 6));
        });
        strip.draw(drawing, bottom + 2);
        backdrop.timeAxis(drawing, axis);
        drawing.close();
    }

    private Scale scale() {
        double largest = series.stream().mapToDouble(Series::largest).max().orElse(0);
        if (measure != Measure.LATENCY) {
            return Scale.linear(largest);
        }
        double smallest =
                series.stream().mapToDouble(Series::smallestAboveZero).min().orElse(1);
        return Scale.logarithmic(Math.max(0.01, smallest), Math.max(0.1, largest));
    }

    private void valueAxis(Drawing drawing, Breadth breadth, Scale scale, int top, int bottom) {
        for (double tick : scale.ticks()) {
            double y = y(tick, scale, breadth, bottom);
            drawing.line("grid", breadth.left, y, breadth.left + breadth.plotWidth(), y);
            String label = scale.logarithmic() ? Quantity.millisTick(tick) : Quantity.rate(tick);
            drawing.wordsBeside("tick end", breadth.left - 7, y, label);
        }
        drawing.words("unit", 0, top - 13, unit);
    }

    private static String path(Series series, Course course, Breadth breadth, Scale scale, int bottom) {
        StringBuilder path = new StringBuilder();
        for (List<Series.Point> stretch : series.stretches()) {
            char step = 'M';
            for (Series.Point point : stretch) {
                path.append(step)
                        .append(at(breadth.x(point.seconds(), course.endSeconds())))
                        .append(' ')
                        .append(at(y(point.value(), scale, breadth, bottom)));
                step = 'L';
            }
            // A stretch of one point has no length: its round cap makes it a dot.
            if (stretch.size() == 1) {
                path.append("h0.01");
            }
        }
        return path.toString();
    }

    private static double y(double value, Scale scale, Breadth breadth, int bottom) {
        return bottom - breadth.plotHeight * scale.share(value);
    }

    /** The text beside a point, on the side where there is room; none if the lines' names leave no room on either. */
    private static void callout(
            Drawing drawing, Breadth breadth, EndLabels labels, String text, double x, double baseline) {
        double length = CALLOUT_GAP + breadth.textWidth(text);
        boolean rightIsFree = x + length < breadth.left + breadth.plotWidth() && labels.isFree(x, x + length, baseline);
        boolean leftIsFree = x - length > breadth.left && labels.isFree(x - length, x, baseline);
        boolean rightIsBetter = x < breadth.left + breadth.plotWidth() * 0.6;
        if (rightIsFree && (rightIsBetter || !leftIsFree)) {
            drawing.words("callout", x + CALLOUT_GAP, baseline, text);
        } else if (leftIsFree) {
            drawing.words("callout end", x - CALLOUT_GAP, baseline, text);
        }
    }

    /** The worst moment of all main lines, if it stands out from what is usual for any of them. */
    private Optional<Series.Point> extreme(Course course) {
        Comparator<Series.Point> byValue = Comparator.comparingDouble(Series.Point::value);
        double usual = series.stream()
                .filter(Series::main)
                .mapToDouble(Series::median)
                .reduce(measure == Measure.SERVED ? Math::max : Math::min)
                .orElse(0);
        return series.stream()
                .filter(Series::main)
                .flatMap(one -> one.points().stream())
                .filter(point -> point.isKnown() && !Course.isWarmUp(course.phaseAt(point.seconds())))
                .max(measure == Measure.SERVED ? byValue.reversed() : byValue)
                .filter(point -> measure == Measure.SERVED
                        ? point.value() * NOTABLE < usual
                        : point.value() > NOTABLE * Math.max(usual, measure == Measure.LATENCY ? 1 : 0.5));
    }

    private String written(double value) {
        return switch (measure) {
            case SERVED -> "lowest " + Quantity.rate(value);
            case LOAD -> "highest " + Quantity.rate(value);
            case LATENCY -> "highest " + Quantity.millis(value);
        };
    }
}
