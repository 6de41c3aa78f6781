package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;

/** {@code mn} and {@code version}: no key, and one line for an answer. */
final class PlainRequest extends SpyOperation {
    private final String answer;
    private final boolean probe;

    private PlainRequest(SpyConnection connection, String word, String answer, boolean probe) {
        super(connection, "", new CommandLine(word, "", 0).end());
        this.answer = answer;
        this.probe = probe;
    }

    static PlainRequest metaProbe(SpyConnection connection) {
        return new PlainRequest(connection, "mn", "MN", true);
    }

    static PlainRequest classicProbe(SpyConnection connection) {
        return new PlainRequest(connection, "version", "VERSION", true);
    }

    static PlainRequest version(SpyConnection connection) {
        return new PlainRequest(connection, "version", "VERSION", false);
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        return readLine(data);
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (!line.is(answer)) {
            throw unexpected(line);
        }
        return probe ? new Reply.Alive() : new Reply.Text(line.rest());
    }
}
