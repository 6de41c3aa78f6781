package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.NodeStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The figure that says how the nodes fared and which phase was when, above the plots that repeat it in small. */
final class NodeFigure {
    private static final int MOST_CHANGES = 4;

    private NodeFigure() {}

    static void write(Markup page, Course course, List<Look> looks) {
        if (course.nodes().isEmpty()) {
            return;
        }
        String finding = finding(course, looks);
        page.open("figure", "id", "nodes").open("figcaption").leaf("h3", "Phases and nodes");
        page.leaf("p", finding).close();
        for (Breadth breadth : Breadth.values()) {
            Backdrop backdrop = new Backdrop(course, breadth);
            NodeStrip strip = NodeStrip.thick(course, looks, breadth);
            int top = backdrop.headHeight();
            int axis = top + strip.height() + 3;
            String alternative = "Phases and nodes over time. " + finding;
            int height = axis + backdrop.footHeight();
            Drawing drawing = Drawing.open(page, alternative, breadth, height, top, axis, course.endSeconds());
            backdrop.behind(drawing, top, axis);
            strip.draw(drawing, top);
            backdrop.timeAxis(drawing, axis);
            drawing.close();
        }
        statusKey(page, course);
        phaseKeys(page, course);
        page.close().newline();
    }

    private static void statusKey(Markup page, Course course) {
        Set<NodeStatus> shown = EnumSet.noneOf(NodeStatus.class);
        course.nodes().forEach(group -> group.rows().forEach(row -> row.forEach(span -> shown.add(span.value()))));
        page.open("p", "class", "key");
        for (NodeStatus status : shown) {
            page.open("span").open("svg", "class", "swatch", "viewBox", "0 0 26 10", "aria-hidden", "true");
            String look = "node " + NodeStrip.word(status);
            page.empty("rect", "class", look, "x", "0", "y", "0", "width", "26", "height", "10")
                    .close();
            page.text(" " + NodeStrip.word(status)).close().text(" ");
        }
        page.close();
    }

    private static void phaseKeys(Markup page, Course course) {
        for (Breadth breadth : Breadth.values()) {
            if (PhaseLabels.of(course, breadth).lettered()) {
                List<String> names = new ArrayList<>();
                for (int i = 0; i < course.phases().size(); i++) {
                    names.add(
                            PhaseLabels.letter(i) + " " + course.phases().get(i).value());
                }
                page.leaf("p", String.join(" · ", names), "class", "key " + breadth.cssClass());
            }
        }
    }

    private static String finding(Course course, List<Look> looks) {
        List<String> groups = new ArrayList<>();
        for (Course.NodeGroup group : course.nodes()) {
            List<String> nodes = new ArrayList<>();
            for (int i = 0; i < group.rows().size(); i++) {
                List<Course.Span<NodeStatus>> row = group.rows().get(i);
                if (row.size() > 1 || row.get(0).value() != NodeStatus.UP) {
                    nodes.add("node " + (i + 1) + " " + told(row));
                }
            }
            String owner = group.run() < 0 ? "" : looks.get(group.run()).name() + ": ";
            groups.add(owner + (nodes.isEmpty() ? "all nodes were up all the time" : String.join("; ", nodes)) + ".");
        }
        String finding = String.join(" ", groups);
        return Character.toUpperCase(finding.charAt(0)) + finding.substring(1);
    }

    private static String told(List<Course.Span<NodeStatus>> row) {
        List<String> changes = row.stream()
                .filter(span -> span.from() > 0 || span.value() != NodeStatus.UP)
                .map(span -> NodeStrip.word(span.value()) + " at " + Quantity.clock(span.from()))
                .toList();
        if (changes.size() <= MOST_CHANGES) {
            return String.join(", ", changes);
        }
        return changes.get(0) + ", " + changes.get(1) + " and so on, " + changes.size() + " changes in all";
    }
}
