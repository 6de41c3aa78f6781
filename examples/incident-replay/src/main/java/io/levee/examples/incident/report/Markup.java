package io.levee.examples.incident.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Markup that is balanced and escaped by construction, and that is XML as well as HTML: so a plain XML parser can check it,
 * and no text from a run can become an element.
 */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param attributes names and values in turn; one whose value is null is left out
     */
    Markup open(String element, String... attributes) {
        tag(element, attributes).append('>');
        open.push(element);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element that never has content: only HTML's void elements and SVG's shapes may be written so. */
    Markup empty(String element, String... attributes) {
        tag(element, attributes).append("/>");
        return this;
    }

    Markup leaf(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    Markup text(String text) {
        escape(text);
        return this;
    }

    /** Text of our own that is markup, a script or a stylesheet already; never anything that a run produced. */
    Markup trusted(String markup) {
        out.append(markup);
        return this;
    }

    Markup newline() {
        out.append('\n');
        return this;
    }

    private StringBuilder tag(String element, String... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("an attribute of <" + element + "> has no value");
        }
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
        return out;
    }

    private void escape(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(point) ? point : 0xFFFD);
            }
        });
    }

    // A database's message may carry control characters, and one of them would make the whole file unreadable as XML.
    private static boolean isAllowed(int point) {
        boolean control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
        boolean halfCharacter = point >= 0xD800 && point <= 0xDFFF;
        boolean neverACharacter = (point & 0xFFFE) == 0xFFFE;
        boolean space = point == '\t' || point == '\n';
        return space || !(control || halfCharacter || neverACharacter);
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
