package io.levee.examples.incident.report;

import java.util.Locale;

/**
 * The breadths that each plot is drawn at. The stylesheet shows the one that fits, so that letters keep their size on a phone
 * and on paper, which scaling one drawing cannot do.
 */
enum Breadth {
    NARROW(360, 45, 91, 150, 11),
    MEDIUM(664, 54, 118, 170, 12),
    WIDE(1120, 62, 138, 190, 13);

    private static final double LETTER = 0.58;

    final int width;
    final int left;
    final int right;
    final int plotHeight;
    final int fontSize;

    Breadth(int width, int left, int right, int plotHeight, int fontSize) {
        this.width = width;
        this.left = left;
        this.right = right;
        this.plotHeight = plotHeight;
        this.fontSize = fontSize;
    }

    int plotWidth() {
        return width - left - right;
    }

    double x(double seconds, double endSeconds) {
        return left + plotWidth() * Math.min(1, Math.max(0, seconds / endSeconds));
    }

    /** About how broad a text will be; the reader's font is not known, so on the safe side. */
    double textWidth(String text) {
        return text.length() * LETTER * fontSize;
    }

    String cut(String text, double room) {
        int letters = (int) Math.floor(room / (LETTER * fontSize));
        return text.length() <= letters ? text : text.substring(0, Math.max(0, letters - 1)) + "…";
    }

    String cssClass() {
        return "at-" + name().toLowerCase(Locale.ROOT);
    }
}
