package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The replay as one HTML file that needs nothing else: no server, no network, and no script to show its plots. */
public final class HtmlReport {
    private HtmlReport() {}

    /** Writes the page, over any that is there. */
    public static void write(Replay replay, Path file) throws IOException {
        Files.writeString(file, new ReportPage(replay).render());
    }
}
