package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/** The numbers above a plot that stand for the marked events. Events too near each other to tell apart share one badge. */
record EventBadges(List<Badge> badges) {
    private static final double APART = 3;

    /** One badge, for the events from the first number to the last. */
    record Badge(int first, int last, boolean fault, double x, double halfWidth) {
        String text() {
            return first == last ? "" + first : first + "–" + last;
        }

        private Badge with(Badge next, Breadth breadth) {
            Badge both = new Badge(first, next.last, fault || next.fault, (x + next.x) / 2, 0);
            return new Badge(both.first, both.last, both.fault, both.x, width(both.text(), breadth) / 2);
        }
    }

    static EventBadges of(Course course, Breadth breadth) {
        List<Badge> badges = new ArrayList<>();
        for (Happening happening : course.happenings()) {
            if (happening.isMarked()) {
                int number = happening.number();
                double x = breadth.x(happening.event().atSeconds(), course.endSeconds());
                badges.add(new Badge(number, number, happening.isFault(), x, width("" + number, breadth) / 2));
            }
        }
        int i = 1;
        while (i < badges.size()) {
            Badge before = badges.get(i - 1);
            Badge badge = badges.get(i);
            if (badge.x - badge.halfWidth < before.x + before.halfWidth + APART) {
                badges.set(i - 1, before.with(badge, breadth));
                badges.remove(i);
                // The joined badge is broader, and may now touch the one before it.
                i = Math.max(1, i - 1);
            } else {
                i++;
            }
        }
        return new EventBadges(List.copyOf(badges));
    }

    private static double width(String text, Breadth breadth) {
        return Math.max(breadth.fontSize + 3, breadth.textWidth(text) + 8);
    }
}
