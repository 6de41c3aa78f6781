package io.levee.examples.consistency.history;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker's history on disk. Each event is handed to the system at once, so that what a process saw outlives its {@code kill -9}.
 *
 * <p>Thread-safe.
 */
public final class HistoryFile implements AutoCloseable {
    private final OutputStream file;

    private HistoryFile(OutputStream file) {
        this.file = file;
    }

    public static HistoryFile create(Path path) throws IOException {
        return new HistoryFile(Files.newOutputStream(path));
    }

    /** Blocks while the system takes the line. */
    public void add(Event event) {
        byte[] line = (EventLine.of(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (file) {
                file.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The events of a file. A last line without its end is left out: its process was killed while it wrote. */
    public static List<Event> read(Path path) throws IOException {
        String text = Files.readString(path);
        List<Event> events = new ArrayList<>();
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> events.add(EventLine.parse(line)));
        return events;
    }
}
