package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;

/** {@code mn} and {@code version}: no key, and one line for an answer. */
final class PlainRequest extends MetaOperation {
    private final boolean probe;

    private PlainRequest(SpyConnection connection, boolean probe) {
        super(connection, "", new CommandLine(probe ? "mn" : "version", "", 0).end());
        this.probe = probe;
    }

    static PlainRequest probe(SpyConnection connection) {
        return new PlainRequest(connection, true);
    }

    static PlainRequest version(SpyConnection connection) {
        return new PlainRequest(connection, false);
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        return readLine(data);
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (!line.is(probe ? "MN" : "VERSION")) {
            throw unexpected(line);
        }
        return probe ? new Reply.Alive() : new Reply.Text(line.rest());
    }
}
