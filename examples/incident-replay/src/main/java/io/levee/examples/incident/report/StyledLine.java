package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/** One line of the live screen: text in parts, each with its style, that can be cut to the terminal's width. */
final class StyledLine {
    private static final String RESET = "\u001b[0m";

    private record Part(String text, String style) {}

    private final boolean colour;
    private final List<Part> parts = new ArrayList<>();

    StyledLine(boolean colour) {
        this.colour = colour;
    }

    StyledLine plain(String text) {
        return part(text, "");
    }

    StyledLine strong(String text) {
        return part(text, "\u001b[1m");
    }

    StyledLine dim(String text) {
        return part(text, "\u001b[2m");
    }

    StyledLine good(String text) {
        return part(text, "\u001b[32m");
    }

    StyledLine bad(String text) {
        return part(text, "\u001b[1;31m");
    }

    StyledLine judged(String text, boolean isBad) {
        return isBad ? bad(text) : plain(text);
    }

    int length() {
        return parts.stream().mapToInt(part -> part.text().length()).sum();
    }

    /** The line in no more columns than there are, since one that wraps would break the redrawing. */
    String fit(int columns, Symbols symbols) {
        StringBuilder line = new StringBuilder();
        int room = columns;
        for (Part part : parts) {
            String text = printable(part.text()).replace("–", symbols.unknown);
            if (text.length() > room) {
                text = text.substring(0, Math.max(0, room - 1)) + (room > 0 ? symbols.cut : "");
            }
            room -= text.length();
            boolean styled = colour && !part.style().isEmpty() && !text.isEmpty();
            line.append(styled ? part.style() + text + RESET : text);
            if (room == 0) {
                break;
            }
        }
        return line.toString();
    }

    private StyledLine part(String text, String style) {
        parts.add(new Part(text, style));
        return this;
    }

    // A server's message could carry escape sequences of its own.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
