package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ReplayProgress;
import java.io.PrintStream;

/** The replay on the console while it runs: redrawn in place on a terminal, a line a second anywhere else. */
public sealed interface TerminalDisplay extends ReplayProgress permits LiveScreen, PlainLines {
    /**
     * Chooses the form that the console can show.
     *
     * @param out where the console is
     * @param isTerminal whether {@code out} reaches a terminal, and not a file or another program
     */
    static TerminalDisplay forConsole(PrintStream out, boolean isTerminal) {
        boolean capable = isTerminal && !"dumb".equals(System.getenv("TERM"));
        return capable ? new LiveScreen(out, TerminalTraits.detect()) : new PlainLines(out);
    }
}
