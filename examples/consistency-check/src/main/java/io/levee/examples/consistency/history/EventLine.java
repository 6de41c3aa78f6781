package io.levee.examples.consistency.history;

import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Farewell;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Event.WriteFailure;

/** An event as a line of a history file: a word, then its fields with tabs between them. */
public final class EventLine {
    private EventLine() {}

    public static String of(Event event) {
        if (event instanceof Read e) {
            return line(
                    "read", e.item(), e.call(), e.start(), e.end(), e.version(), e.source(), e.ageNanos(), e.error());
        }
        if (event instanceof Write e) {
            return line("write", e.item(), e.call(), e.start(), e.end(), e.version());
        }
        if (event instanceof Clear e) {
            return line("clear", e.cache(), e.start(), e.end());
        }
        if (event instanceof Load e) {
            return line("load", e.item(), e.start(), e.end(), e.version());
        }
        if (event instanceof NodeChange e) {
            return line("node", e.node(), e.up(), e.start(), e.reason());
        }
        if (event instanceof WriteFailure e) {
            return line("failure", e.item(), e.start(), e.reason());
        }
        Farewell e = (Farewell) event;
        return line("farewell", e.nodesUp(), e.start());
    }

    /**
     * Reads what {@link #of} wrote.
     *
     * @throws IllegalArgumentException if it is no such line
     */
    public static Event parse(String line) {
        String[] f = line.split("\t", -1);
        try {
            return switch (f[0]) {
                case "read" -> new Read(f[1], f[2], time(f[3]), time(f[4]), time(f[5]), f[6], time(f[7]), f[8]);
                case "write" -> new Write(f[1], f[2], time(f[3]), time(f[4]), time(f[5]));
                case "clear" -> new Clear(f[1], time(f[2]), time(f[3]));
                case "load" -> new Load(f[1], time(f[2]), time(f[3]), time(f[4]));
                case "node" -> new NodeChange(Integer.parseInt(f[1]), Boolean.parseBoolean(f[2]), time(f[3]), f[4]);
                case "failure" -> new WriteFailure(f[1], time(f[2]), f[3]);
                case "farewell" -> new Farewell(Integer.parseInt(f[1]), time(f[2]));
                default -> throw new IllegalArgumentException("not a line of a history: " + line);
            };
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("not a line of a history: " + line, e);
        }
    }

    private static long time(String text) {
        return Long.parseLong(text);
    }

    private static String line(Object... fields) {
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            if (!line.isEmpty()) {
                line.append('\t');
            }
            line.append(field.toString().replace('\t', ' ').replace('\n', ' ').replace('\r', ' '));
        }
        return line.toString();
    }
}
