package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The series' names beside the ends of their lines, moved apart where the lines end together. */
final class EndLabels {
    private static final int INDENT = 11;
    private static final double EARLY = 40;

    private final Breadth breadth;
    private final List<Label> labels = new ArrayList<>();

    private static final class Label {
        final Series series;
        final List<String> lines;
        final boolean early;
        final double endX;
        final double endY;
        double top;

        Label(Series series, List<String> lines, boolean early, double endX, double endY) {
            this.series = series;
            this.lines = lines;
            this.early = early;
            this.endX = endX;
            this.endY = endY;
        }
    }

    EndLabels(Breadth breadth) {
        this.breadth = breadth;
    }

    void add(Series series, double endX, double endY) {
        boolean early = endX + EARLY < breadth.left + breadth.plotWidth();
        double room = early ? breadth.width - endX - INDENT : breadth.right - INDENT - 1.0;
        Label label = new Label(series, lines(series.label(), room), early, endX, endY);
        // Inside the plot another line may go on where this one ends: above it the name is in nobody's way.
        label.top = early ? endY - height(label) - 2 : endY - height(label) / 2;
        labels.add(label);
    }

    void draw(Drawing drawing, int top, int bottom) {
        // A line that ends early has its name there, where only others that end early can be in its way.
        Map<Boolean, List<Label>> sides = labels.stream().collect(Collectors.partitioningBy(label -> label.early));
        sides.values().forEach(side -> spread(side, top, bottom));
        for (Label label : labels) {
            double x = x(label);
            double middle = label.top + height(label) / 2;
            drawing.line("leader " + label.series.style(), label.endX + 1, label.endY, x - 3, middle);
            double baseline = label.top + breadth.fontSize * 0.86;
            for (String line : label.lines) {
                String look = (label.early ? "name inside " : "name ") + label.series.style();
                drawing.words(look, x, baseline, line);
                baseline += lineHeight();
            }
        }
    }

    /** Whether a text on a baseline would meet none of the names. Only once these are drawn. */
    boolean isFree(double fromX, double toX, double baseline) {
        return labels.stream().noneMatch(label -> {
            double length =
                    label.lines.stream().mapToDouble(breadth::textWidth).max().orElse(0);
            boolean beside = toX < x(label) || fromX > x(label) + length;
            boolean aboveOrBelow = baseline < label.top || baseline - lineHeight() > label.top + height(label);
            return !beside && !aboveOrBelow;
        });
    }

    private double x(Label label) {
        return label.early ? label.endX + INDENT : breadth.left + breadth.plotWidth() + INDENT;
    }

    // Each is pushed below the one above it, then all that stand too low are pushed up again from the lowest.
    private void spread(List<Label> side, int top, int bottom) {
        List<Label> sorted = side.stream()
                .sorted(Comparator.comparingDouble(label -> label.endY))
                .toList();
        double free = top - lineHeight();
        for (Label label : sorted) {
            label.top = Math.max(label.top, free);
            free = label.top + height(label);
        }
        // Below the plot the strip of the nodes has its own word.
        double floor = bottom + 4.0;
        for (int i = sorted.size() - 1; i >= 0; i--) {
            Label label = sorted.get(i);
            label.top = Math.min(label.top, floor - height(label));
            floor = label.top;
        }
    }

    // "spymemcached@100 p99" may take three lines: cut short it could not be told from one with another timeout.
    private List<String> lines(String text, double room) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split("(?<= )|(?=@)", -1)) {
            if (!line.isEmpty() && breadth.textWidth((line + word).strip()) > room) {
                lines.add(line);
                line = "";
            }
            line += word;
        }
        lines.add(line);
        return lines.stream().map(one -> breadth.cut(one.strip(), room)).toList();
    }

    private double height(Label label) {
        return label.lines.size() * lineHeight();
    }

    private double lineHeight() {
        return breadth.fontSize + 2.0;
    }
}
