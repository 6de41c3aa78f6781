package io.levee.examples.consistency.link;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * What a client says on one connection, taken apart into command lines and data. Lines are changed, data passes as it is. A line is held
 * back until its end has come.
 *
 * <p>Confined to the thread that pumps.
 */
final class CommandStream {
    private final UnaryOperator<String> change;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int dataBytesLeft;

    CommandStream(UnaryOperator<String> change) {
        this.change = change;
    }

    /** Takes the next bytes, and returns those that may go on. */
    byte[] pass(byte[] bytes, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(count + 64);
        int at = 0;
        while (at < count) {
            if (dataBytesLeft > 0) {
                int taken = Math.min(dataBytesLeft, count - at);
                out.write(bytes, at, taken);
                dataBytesLeft -= taken;
                at += taken;
            } else {
                line.write(bytes[at]);
                if (bytes[at++] == '\n') {
                    endOfLine(out);
                }
            }
        }
        return out.toByteArray();
    }

    private void endOfLine(ByteArrayOutputStream out) {
        String command = line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        line.reset();
        String[] words = command.split(" ", -1);
        if (words[0].equals("ms") && words.length > 2) {
            dataBytesLeft = Integer.parseInt(words[2]) + "\r\n".length();
        }
        byte[] changed = (change.apply(command) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        out.write(changed, 0, changed.length);
    }
}
