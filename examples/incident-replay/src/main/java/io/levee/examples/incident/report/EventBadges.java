package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/** The numbers above a plot that stand for the marked events. Events too near each other to tell apart share one badge. */
record EventBadges(List<Badge> badges) {
    private static final double APART = 3;
    private static final double BROADEST = 0.2;

    /**
     * One badge, for the events from the first number to the last.
     *
     * @param from where the first of its events is
     * @param to where the last is
     */
    record Badge(int first, int last, boolean fault, double from, double to, double halfWidth) {
        double x() {
            return (from + to) / 2;
        }

        String text() {
            return first == last ? "" + first : first + "–" + last;
        }

        private Badge with(Badge next, Breadth breadth) {
            String text = first + "–" + next.last;
            return new Badge(first, next.last, fault || next.fault, from, next.to, width(text, breadth) / 2);
        }
    }

    static EventBadges of(Course course, Breadth breadth) {
        List<Badge> badges = new ArrayList<>();
        for (Happening happening : course.happenings()) {
            if (happening.isMarked()) {
                int number = happening.number();
                double x = breadth.x(happening.event().atSeconds(), course.endSeconds());
                badges.add(new Badge(number, number, happening.isFault(), x, x, width("" + number, breadth) / 2));
                joinLast(badges, breadth);
            }
        }
        // One badge for all the events of half a plot says nothing; the lines alone say at least when.
        boolean crowded = badges.stream().anyMatch(badge -> badge.to - badge.from > BROADEST * breadth.plotWidth());
        return new EventBadges(crowded ? List.of() : List.copyOf(badges));
    }

    // A joined badge is broader, and may in turn touch the one before it.
    private static void joinLast(List<Badge> badges, Breadth breadth) {
        int last = badges.size() - 1;
        while (last > 0) {
            Badge before = badges.get(last - 1);
            Badge badge = badges.get(last);
            if (badge.x() - badge.halfWidth >= before.x() + before.halfWidth + APART) {
                return;
            }
            badges.set(last - 1, before.with(badge, breadth));
            badges.remove(last--);
        }
    }

    private static double width(String text, Breadth breadth) {
        return Math.max(breadth.fontSize + 3, breadth.textWidth(text) + 8);
    }
}
