package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.Sample;
import java.io.PrintStream;
import java.util.List;

/** Redraws the replay in place. The lines it printed last are overwritten; messages scroll away above them. */
final class LiveScreen implements TerminalDisplay {
    private static final String ESCAPE = "\u001b[";
    private static final String HIDE_CURSOR = ESCAPE + "?25l";
    private static final String SHOW_CURSOR = ESCAPE + "?25h";
    private static final String CLEAR_LINE_END = ESCAPE + "K";
    private static final String CLEAR_BELOW = ESCAPE + "J";

    private final PrintStream out;
    private final TerminalTraits traits;
    private final LiveFrame frame;
    private final Thread restorer = new Thread(this::restore, "restore-cursor");
    private int drawnLines;
    private boolean cursorHidden;
    private boolean closed;

    LiveScreen(PrintStream out, TerminalTraits traits) {
        this.out = out;
        this.traits = traits;
        this.frame = new LiveFrame(traits);
        // Ctrl-C may end the process before anyone closes this; a terminal without a cursor is a poor farewell.
        Runtime.getRuntime().addShutdownHook(restorer);
    }

    @Override
    public synchronized void started(String scenario, List<String> clients, double totalSeconds) {
        frame.started(scenario, clients, totalSeconds);
        redraw("");
    }

    @Override
    public synchronized void message(String line) {
        redraw(line.stripTrailing() + CLEAR_LINE_END + "\n");
    }

    @Override
    public synchronized void phase(String client, String phase, double secondsInPhase, double secondsOfPhase) {
        frame.phase(client, phase, secondsInPhase, secondsOfPhase);
        redraw("");
    }

    @Override
    public synchronized void sample(String client, Sample sample, double doneShare) {
        frame.sample(client, sample, doneShare);
        redraw("");
    }

    @Override
    public synchronized void event(String client, Event event) {
        frame.event(client, event);
        redraw("");
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has run or will.
        }
    }

    private synchronized void restore() {
        closed = true;
        if (cursorHidden) {
            write(SHOW_CURSOR);
            cursorHidden = false;
        }
    }

    private void redraw(String above) {
        StringBuilder text = new StringBuilder();
        if (!closed && !cursorHidden) {
            text.append(HIDE_CURSOR);
            cursorHidden = true;
        }
        if (drawnLines > 0) {
            text.append(ESCAPE).append(drawnLines).append('A').append('\r');
        }
        text.append(above);
        List<String> lines = frame.lines();
        for (String line : lines) {
            text.append(line).append(CLEAR_LINE_END).append('\n');
        }
        text.append(CLEAR_BELOW);
        drawnLines = lines.size();
        write(text.toString());
    }

    // In the console's own charset, which need not be the one that the stream would encode in.
    private void write(String text) {
        byte[] bytes = text.getBytes(traits.charset());
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
