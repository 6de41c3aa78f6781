package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.NodeStatus;
import java.util.List;
import java.util.Locale;

/** The nodes' states along the time axis: one bar a node, thin under a plot, or thick and with words by itself. */
final class NodeStrip {
    private static final int THIN = 6;
    private static final int THICK = 20;
    private static final int GAP = 2;
    private static final int GROUP_GAP = 5;

    private final Course course;
    private final List<Look> looks;
    private final Breadth breadth;
    private final boolean thick;

    private NodeStrip(Course course, List<Look> looks, Breadth breadth, boolean thick) {
        this.course = course;
        this.looks = looks;
        this.breadth = breadth;
        this.thick = thick;
    }

    static NodeStrip thin(Course course, List<Look> looks, Breadth breadth) {
        return new NodeStrip(course, looks, breadth, false);
    }

    static NodeStrip thick(Course course, List<Look> looks, Breadth breadth) {
        return new NodeStrip(course, looks, breadth, true);
    }

    int height() {
        int rows =
                course.nodes().stream().mapToInt(group -> group.rows().size()).sum();
        return rows * (barHeight() + GAP) + course.nodes().size() * GROUP_GAP;
    }

    void draw(Drawing drawing, int top) {
        int y = top;
        for (Course.NodeGroup group : course.nodes()) {
            y += GROUP_GAP;
            double middle = y + (group.rows().size() * (barHeight() + GAP) - GAP) / 2.0;
            double beside = breadth.left + breadth.plotWidth() + 8;
            drawing.wordsBeside("note", beside, middle, breadth.cut(owner(group), breadth.right - 8));
            for (int node = 0; node < group.rows().size(); node++) {
                bar(drawing, group.rows().get(node), y);
                if (thick) {
                    String name = (breadth == Breadth.NARROW ? "n" : "node ") + (node + 1);
                    drawing.wordsBeside("tick end", breadth.left - 7, y + THICK / 2.0, name);
                }
                y += barHeight() + GAP;
            }
        }
    }

    private void bar(Drawing drawing, List<Course.Span<NodeStatus>> spans, int y) {
        for (Course.Span<NodeStatus> span : spans) {
            double from = breadth.x(span.from(), course.endSeconds());
            double width = breadth.x(span.to(), course.endSeconds()) - from;
            String status = word(span.value());
            drawing.rect("node " + status, from, y, width, barHeight());
            if (thick && width > breadth.textWidth(status) + 6) {
                drawing.wordsBeside("node-word " + status, from + width / 2, y + THICK / 2.0, status);
            }
        }
    }

    static String word(NodeStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private String owner(Course.NodeGroup group) {
        if (group.run() >= 0 && looks.size() > 1) {
            return looks.get(group.run()).name();
        }
        return thick ? "" : "nodes";
    }

    private int barHeight() {
        return thick ? THICK : THIN;
    }
}
