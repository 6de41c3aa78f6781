package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code stats}: lines of a name and a value, up to {@code END}. */
final class StatsRequest extends SpyOperation {
    /** Memcached's longest answer that is asked for here has under a hundred lines. */
    private static final int MAX_LINES = 4096;

    private final Map<String, String> values = new LinkedHashMap<>();
    private int lines;

    StatsRequest(SpyConnection connection, String topic) {
        super(connection, "", new CommandLine("stats", topic, 0).end());
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        Reply reply = null;
        while (reply == null && data.hasRemaining()) {
            reply = readLine(data);
        }
        return reply;
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (line.is("END")) {
            return new Reply.Statistics(Collections.unmodifiableMap(values));
        }
        if (!line.is("STAT") || !line.next()) {
            throw unexpected(line);
        }
        if (++lines > MAX_LINES) {
            throw new OutOfStepException("statistics of more than " + MAX_LINES + " lines");
        }
        values.put(line.word(), line.rest());
        return null;
    }
}
