package io.levee.examples.incident.report;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a terminal can show.
 *
 * @param charset what its bytes are written in
 */
record TerminalTraits(int columns, int rows, boolean colour, Charset charset) {
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;
    private static final String SYMBOLS = "█░●✗◌▲·";

    static TerminalTraits detect() {
        Optional<int[]> size = askTerminal();
        int columns = size.map(s -> s[1]).filter(n -> n > 0).orElseGet(() -> number("COLUMNS", USUAL_COLUMNS));
        int rows = size.map(s -> s[0]).filter(n -> n > 0).orElseGet(() -> number("LINES", USUAL_ROWS));
        String noColour = System.getenv("NO_COLOR");
        return new TerminalTraits(columns, rows, noColour == null || noColour.isEmpty(), consoleCharset());
    }

    boolean unicode() {
        return charset.newEncoder().canEncode(SYMBOLS);
    }

    // Where there is a console without a terminal, its charset serves as well.
    @SuppressWarnings("SystemConsoleNull")
    private static Charset consoleCharset() {
        Console console = System.console();
        if (console != null) {
            return console.charset();
        }
        for (String property : new String[] {"stdout.encoding", "sun.stdout.encoding", "native.encoding"}) {
            String name = System.getProperty(property);
            if (name != null) {
                try {
                    return Charset.forName(name);
                } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                    // A console that Java cannot name the charset of still reads ASCII.
                    return StandardCharsets.US_ASCII;
                }
            }
        }
        return StandardCharsets.US_ASCII;
    }

    // Java cannot ask how wide the terminal is, and COLUMNS is a variable of the shell that it rarely exports.
    private static Optional<int[]> askTerminal() {
        File terminal = new File("/dev/tty");
        if (!terminal.canRead()) {
            return Optional.empty();
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroy();
                return Optional.empty();
            }
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (!answer.matches("\\d{1,5} \\d{1,5}")) {
                return Optional.empty();
            }
            String[] parts = answer.split(" ", 2);
            return Optional.of(new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])});
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static int number(String variable, int otherwise) {
        String value = System.getenv(variable);
        return value != null && value.matches("[1-9]\\d{0,4}") ? Integer.parseInt(value) : otherwise;
    }
}
