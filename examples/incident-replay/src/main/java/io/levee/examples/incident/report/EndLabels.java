package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The series' names beside the ends of their lines, moved apart where the lines end together. */
final class EndLabels {
    private static final int INDENT = 14;

    private final Breadth breadth;
    private final List<Label> labels = new ArrayList<>();

    private static final class Label {
        final Series series;
        final List<String> lines;
        final double endX;
        final double endY;
        double top;

        Label(Series series, List<String> lines, double endX, double endY) {
            this.series = series;
            this.lines = lines;
            this.endX = endX;
            this.endY = endY;
        }
    }

    EndLabels(Breadth breadth) {
        this.breadth = breadth;
    }

    void add(Series series, double endX, double endY) {
        Label label = new Label(series, lines(series.label()), endX, endY);
        label.top = endY - height(label) / 2;
        labels.add(label);
    }

    void draw(Drawing drawing, int top, int bottom) {
        spread(top, bottom);
        double x = breadth.left + breadth.plotWidth() + INDENT;
        for (Label label : labels) {
            double middle = label.top + height(label) / 2;
            drawing.line("leader " + label.series.style(), label.endX + 1, label.endY, x - 3, middle);
            double baseline = label.top + breadth.fontSize * 0.86;
            for (String line : label.lines) {
                drawing.words("name " + label.series.style(), x, baseline, line);
                baseline += lineHeight();
            }
        }
    }

    // Each is pushed below the one above it, then all that stand too low are pushed up again from the lowest.
    private void spread(int top, int bottom) {
        labels.sort(Comparator.comparingDouble(label -> label.endY));
        double free = top - lineHeight();
        for (Label label : labels) {
            label.top = Math.max(label.top, free);
            free = label.top + height(label);
        }
        double floor = bottom + lineHeight();
        for (int i = labels.size() - 1; i >= 0; i--) {
            Label label = labels.get(i);
            label.top = Math.min(label.top, floor - height(label));
            floor = label.top;
        }
    }

    private List<String> lines(String text) {
        double room = breadth.right - INDENT - 1.0;
        int space = text.lastIndexOf(' ');
        if (breadth.textWidth(text) <= room || space < 0) {
            return List.of(breadth.cut(text, room));
        }
        return List.of(breadth.cut(text.substring(0, space), room), breadth.cut(text.substring(space + 1), room));
    }

    private double height(Label label) {
        return label.lines.size() * lineHeight();
    }

    private double lineHeight() {
        return breadth.fontSize + 2.0;
    }
}
