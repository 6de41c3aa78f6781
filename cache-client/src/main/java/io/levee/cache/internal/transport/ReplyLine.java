package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The line that is being read from a connection, and a cursor over its words. One a connection, used by the I/O thread only:
 * of all the operations in flight only the oldest can be in the middle of a line.
 *
 * <p>The cursor's methods speak of the word it stands on; {@link #next} moves it.
 */
final class ReplyLine {
    /** Memcached's own lines end well below 1 KiB: a key of 250 bytes, an opaque, some numbers. */
    static final int MAX_BYTES = 2048;

    private static final int MAX_SHOWN_CHARS = 200;

    // The highest number, 2^64 - 1, without its last digit, and that digit. Twenty digits may make a long negative.
    private static final long MAX_TENTH = 1_844_674_407_370_955_161L;
    private static final int MAX_LAST_DIGIT = 5;

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;
    private boolean whole;
    private int wordStart;
    private int wordEnd;

    /** Takes bytes up to the line's end, and returns whether that is reached; {@code data} then stands behind it. */
    boolean readFrom(ByteBuffer data) throws OutOfStepException {
        if (whole) {
            whole = false;
            length = 0;
        }
        while (data.hasRemaining()) {
            byte b = data.get();
            if (b == '\n') {
                if (length == 0 || bytes[length - 1] != '\r') {
                    throw new OutOfStepException("a line without its carriage return: " + text());
                }
                length--;
                whole = true;
                wordStart = 0;
                wordEnd = -1;
                return true;
            }
            if (length == MAX_BYTES) {
                throw new OutOfStepException("a line of more than " + MAX_BYTES + " bytes: " + text());
            }
            bytes[length++] = b;
        }
        return false;
    }

    /** Moves to the next word. Returns false, and stays, if there is none. */
    boolean next() {
        int start = wordEnd + 1;
        while (start < length && bytes[start] == ' ') {
            start++;
        }
        if (start >= length) {
            return false;
        }
        int end = start;
        while (end < length && bytes[end] != ' ') {
            end++;
        }
        wordStart = start;
        wordEnd = end;
        return true;
    }

    /** Moves back to the line's first word, which must be there. */
    void toFirstWord() {
        wordStart = 0;
        wordEnd = -1;
        next();
    }

    /** The word's first character. */
    char letter() {
        return (char) bytes[wordStart];
    }

    boolean is(String word) {
        return wordEnd - wordStart == word.length() && matches(wordStart, word);
    }

    /** Whether the word is its letter followed by {@code text}. */
    boolean isLetterAnd(String text) {
        return wordEnd - wordStart - 1 == text.length() && matches(wordStart + 1, text);
    }

    boolean startsWith(String prefix) {
        return length >= prefix.length() && matches(0, prefix);
    }

    private boolean matches(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The word as an unsigned number. */
    long number() throws OutOfStepException {
        return digits(wordStart);
    }

    /** What follows the word's letter, as an unsigned number. */
    long numberAfterLetter() throws OutOfStepException {
        return digits(wordStart + 1);
    }

    private long digits(int from) throws OutOfStepException {
        if (from >= wordEnd) {
            throw new OutOfStepException("a number is missing in: " + text());
        }
        long number = 0;
        for (int i = from; i < wordEnd; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0
                    || digit > 9
                    || number < 0
                    || number > MAX_TENTH
                    || (number == MAX_TENTH && digit > MAX_LAST_DIGIT)) {
                throw new OutOfStepException("not a number of 64 bits in: " + text());
            }
            number = number * 10 + digit;
        }
        return number;
    }

    String word() {
        return new String(bytes, wordStart, wordEnd - wordStart, StandardCharsets.ISO_8859_1);
    }

    /** What follows the word and one blank, up to the line's end. */
    String rest() {
        int from = Math.min(wordEnd + 1, length);
        return new String(bytes, from, length - from, StandardCharsets.ISO_8859_1);
    }

    /** The line, fit for a log: shortened, and with nothing in it that is not printable. */
    String text() {
        int shown = Math.min(length, MAX_SHOWN_CHARS);
        StringBuilder text = new StringBuilder(shown);
        for (int i = 0; i < shown; i++) {
            byte b = bytes[i];
            if (b != '\r' || i < length - 1) {
                text.append(b >= ' ' && b < 0x7F ? (char) b : '?');
            }
        }
        return shown < length ? text.append("...").toString() : text.toString();
    }
}
