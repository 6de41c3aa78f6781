package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The phases' names above a plot: in one row if they fit, else in two by turns, else as letters that the page explains.
 *
 * @param rows how many rows they take
 */
record PhaseLabels(List<Label> labels, int rows, boolean lettered) {
    record Label(String text, double x, int row) {}

    private static final double APART = 8;

    static PhaseLabels of(Course course, Breadth breadth) {
        List<String> names = course.phases().stream().map(Course.Span::value).toList();
        for (int rows = 1; rows <= 2; rows++) {
            List<Label> labels = place(course, names, breadth, rows);
            if (labels.size() == names.size()) {
                return new PhaseLabels(labels, rows, false);
            }
        }
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            letters.add(letter(i));
        }
        return new PhaseLabels(place(course, letters, breadth, 1), 1, true);
    }

    /** What stands for a phase where there is no room for its name. */
    static String letter(int phase) {
        return phase < 26 ? String.valueOf((char) ('A' + phase)) : letter(phase / 26 - 1) + letter(phase % 26);
    }

    /** Leaves out those that do not fit. */
    private static List<Label> place(Course course, List<String> texts, Breadth breadth, int rows) {
        double[] free = new double[rows];
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Course.Span<String> span = course.phases().get(i);
            double half = breadth.textWidth(texts.get(i)) / 2;
            double middle = breadth.x((span.from() + span.to()) / 2, course.endSeconds());
            double x = Math.min(breadth.width - half, Math.max(half, middle));
            int row = i % rows;
            boolean astray = Math.abs(x - middle) > breadth.left;
            if (x - half >= free[row] && !astray) {
                labels.add(new Label(texts.get(i), x, row));
                free[row] = x + half + APART;
            }
        }
        return List.copyOf(labels);
    }
}
