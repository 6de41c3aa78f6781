package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;
import java.util.List;

/** Builds the bytes of one command, in place and without intermediate strings. */
final class CommandLine {
    /** Room for the words, flags and numbers of any command here, beside its key and its data. */
    private static final int ROOM_BYTES = 112;

    static final int MAX_KEY_BYTES = 250;
    private static final int MAX_DIGITS = 20;

    private final byte[] bytes;
    private int length;

    CommandLine(String word, String key, int dataBytes) {
        bytes = new byte[ROOM_BYTES + key.length() + dataBytes];
        word(word);
        if (!key.isEmpty()) {
            key(key);
        }
    }

    /** A command about many keys. */
    static ByteBuffer ofAll(String word, List<String> keys) {
        int keyBytes = 0;
        for (String key : keys) {
            keyBytes += 1 + key.length();
        }
        CommandLine command = new CommandLine(word, "", keyBytes);
        keys.forEach(command::key);
        return command.end();
    }

    /** Commands to be sent as one piece. */
    static ByteBuffer oneAfterAnother(ByteBuffer... commands) {
        int length = 0;
        for (ByteBuffer command : commands) {
            length += command.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (ByteBuffer command : commands) {
            all.put(command);
        }
        return all.flip();
    }

    private void key(String key) {
        if (key.length() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key must be at most " + MAX_KEY_BYTES + " bytes, but has " + key.length());
        }
        bytes[length++] = ' ';
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            // A blank or a line end in a key would let it say further commands.
            if (c <= ' ' || c >= 0x7F) {
                throw new IllegalArgumentException("a key must be printable ASCII without blanks, but its character "
                        + i + " is " + Integer.toHexString(c));
            }
            bytes[length++] = (byte) c;
        }
    }

    CommandLine word(String word) {
        for (int i = 0; i < word.length(); i++) {
            bytes[length++] = (byte) word.charAt(i);
        }
        return this;
    }

    /** Appends a blank, the flag's letter and its number, which is unsigned. */
    CommandLine flag(char letter, long number) {
        bytes[length++] = ' ';
        bytes[length++] = (byte) letter;
        return digits(number);
    }

    CommandLine number(long number) {
        bytes[length++] = ' ';
        return digits(number);
    }

    private CommandLine digits(long unsigned) {
        long rest = unsigned;
        int end = length + MAX_DIGITS;
        int at = end;
        do {
            long tenth = Long.divideUnsigned(rest, 10);
            bytes[--at] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        } while (rest != 0);
        System.arraycopy(bytes, at, bytes, length, end - at);
        length += end - at;
        return this;
    }

    CommandLine data(byte[] data) {
        lineEnd();
        System.arraycopy(data, 0, bytes, length, data.length);
        length += data.length;
        return this;
    }

    private void lineEnd() {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    ByteBuffer end() {
        lineEnd();
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
