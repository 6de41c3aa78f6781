package io.levee.examples.incident.report;

/** One SVG drawing of a page: its frame, and the few shapes that the report is drawn with. */
final class Drawing {
    private final Markup page;
    private final int fontSize;

    private Drawing(Markup page, int fontSize) {
        this.page = page;
        this.fontSize = fontSize;
    }

    /**
     * Begins a drawing.
     *
     * @param alternative what it shows, for those who cannot see it
     * @param top where the plot begins, for the script's crosshair
     * @param bottom where it ends
     */
    static Drawing open(
            Markup page, String alternative, Breadth breadth, int height, int top, int bottom, double endSeconds) {
        String[] attributes = {
            "class", "plot " + breadth.cssClass(),
            "viewBox", "0 0 " + breadth.width + " " + height,
            "role", "img",
            "aria-label", alternative,
            "data-width", "" + breadth.width,
            "data-left", "" + breadth.left,
            "data-span", "" + breadth.plotWidth(),
            "data-top", "" + top,
            "data-bottom", "" + bottom,
            "data-seconds", Quantity.plain(endSeconds)
        };
        page.open("svg", attributes);
        return new Drawing(page, breadth.fontSize);
    }

    void rect(String look, double x, double y, double width, double height) {
        rect(look, x, y, width, height, 0);
    }

    void rect(String look, double x, double y, double width, double height, double radius) {
        String[] attributes = {
            "class", look,
            "x", at(x),
            "y", at(y),
            "width", at(width),
            "height", at(height),
            "rx", radius > 0 ? at(radius) : null
        };
        page.empty("rect", attributes);
    }

    void path(String look, String data) {
        page.empty("path", "class", look, "d", data);
    }

    void line(String look, double fromX, double fromY, double toX, double toY) {
        path(look, "M" + at(fromX) + " " + at(fromY) + "L" + at(toX) + " " + at(toY));
    }

    void circle(String look, double x, double y, double radius) {
        page.empty("circle", "class", look, "cx", at(x), "cy", at(y), "r", at(radius));
    }

    /** Words on a baseline. */
    void words(String look, double x, double y, String text) {
        page.leaf("text", text, "class", look, "x", at(x), "y", at(y));
    }

    /** Words whose middle is level with a place. SVG's own way of saying so differs between browsers. */
    void wordsBeside(String look, double x, double y, String text) {
        words(look, x, y + fontSize * 0.34, text);
    }

    void close() {
        page.close().newline();
    }

    /** A coordinate to a tenth. A long run has several hundred thousand of them, too many for a formatter. */
    static String at(double coordinate) {
        long tenths = Math.round(coordinate * 10);
        String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths / 10);
        return tenths % 10 == 0 ? whole : whole + "." + Math.abs(tenths % 10);
    }
}
