package io.levee.examples.incident.report;

/** What every drawing has around its lines: the phases, the events' marks and the time axis. */
final class Backdrop {
    private final Course course;
    private final Breadth breadth;
    private final PhaseLabels labels;
    private final EventBadges badges;
    private final TimeTicks ticks;

    Backdrop(Course course, Breadth breadth) {
        this.course = course;
        this.breadth = breadth;
        this.labels = PhaseLabels.of(course, breadth);
        this.badges = EventBadges.of(course, breadth);
        this.ticks = TimeTicks.of(course.endSeconds(), breadth);
    }

    /** How much stands above the drawing proper. */
    int headHeight() {
        return phasesHeight() + badgesHeight() + 4;
    }

    /** How much stands below it. */
    int footHeight() {
        return 2 * (breadth.fontSize + 6);
    }

    /** Phases, badges and marks; to be drawn before anything else. */
    void behind(Drawing drawing, int top, int bottom) {
        for (int i = 1; i < course.phases().size(); i += 2) {
            Course.Span<String> span = course.phases().get(i);
            drawing.rect("phase", x(span.from()), top, x(span.to()) - x(span.from()), bottom - top);
        }
        for (PhaseLabels.Label label : labels.labels()) {
            drawing.words("phase-name", label.x(), (label.row() + 1) * rowHeight() - 4, label.text());
        }
        for (Happening happening : course.happenings()) {
            if (happening.isMarked()) {
                double x = x(happening.event().atSeconds());
                drawing.line(happening.isFault() ? "mark fault" : "mark recovery", x, top - 4, x, bottom);
            }
        }
        badges.badges().forEach(badge -> draw(drawing, badge, top - 3 - badgesHeight()));
    }

    /** The time axis; to be drawn below everything else. */
    void timeAxis(Drawing drawing, int y) {
        drawing.line("axis", breadth.left, y, breadth.left + breadth.plotWidth(), y);
        for (double tick : ticks.seconds()) {
            drawing.line("axis", x(tick), y, x(tick), y + 4);
            drawing.words("tick middle", x(tick), y + 5 + breadth.fontSize, ticks.label(tick));
        }
        drawing.words(
                "axis-title", breadth.left + breadth.plotWidth(), y + 9 + 2 * breadth.fontSize, ticks.title(breadth));
    }

    private void draw(Drawing drawing, EventBadges.Badge badge, int top) {
        double height = badgesHeight() - 2;
        String fault = badge.fault() ? " fault" : "";
        double left = badge.x() - badge.halfWidth();
        drawing.rect("badge" + fault, left, top, 2 * badge.halfWidth(), height, height / 2);
        drawing.wordsBeside("badge-text" + fault, badge.x(), top + height / 2, badge.text());
    }

    private int rowHeight() {
        return breadth.fontSize + 5;
    }

    private int phasesHeight() {
        return course.phases().isEmpty() ? 0 : labels.rows() * rowHeight();
    }

    private int badgesHeight() {
        return badges.badges().isEmpty() ? 0 : breadth.fontSize + 5;
    }

    private double x(double seconds) {
        return breadth.x(seconds, course.endSeconds());
    }
}
