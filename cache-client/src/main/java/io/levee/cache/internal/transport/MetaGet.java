package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import java.nio.ByteBuffer;

/** {@code mg}, for one key. */
final class MetaGet extends SpyOperation {
    private final MetaItem item;
    private final boolean withValue;

    private MetaGet(SpyConnection connection, String key, int opaque, CommandLine command) {
        this(connection, key, opaque, command, true);
    }

    private MetaGet(SpyConnection connection, String key, int opaque, CommandLine command, boolean withValue) {
        super(connection, key, command.end());
        this.withValue = withValue;
        item = new MetaItem(key, opaque);
    }

    static MetaGet get(SpyConnection connection, String key, int opaque, int leaseSeconds, int recacheSeconds) {
        return new MetaGet(connection, key, opaque, command(key, opaque, leaseSeconds, recacheSeconds));
    }

    static MetaGet claim(SpyConnection connection, String key, int opaque, int leaseSeconds) {
        CommandLine command = command(key, opaque)
                .flag('N', Expiration.relative(leaseSeconds))
                .flag('R', Expiration.LAST_SECOND);
        return new MetaGet(connection, key, opaque, command);
    }

    /** Without the value: a hit's data is empty, and a placeholder is a hit too. */
    static MetaGet version(SpyConnection connection, String key, int opaque) {
        CommandLine command = new CommandLine("mg", key, 0).word(" f c k").flag('O', opaque);
        return new MetaGet(connection, key, opaque, command, false);
    }

    static CommandLine command(String key, int opaque, int leaseSeconds, int recacheSeconds) {
        CommandLine command = command(key, opaque);
        if (leaseSeconds != 0) {
            command.flag('N', Expiration.relative(leaseSeconds));
        }
        if (recacheSeconds != 0) {
            command.flag('R', Expiration.relative(recacheSeconds));
        }
        return command;
    }

    private static CommandLine command(String key, int opaque) {
        return new CommandLine("mg", key, 0).word(" v f c k").flag('O', opaque);
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        if (!item.isAnnounced()) {
            Reply reply = readLine(data);
            if (reply != null || !item.isAnnounced()) {
                return reply;
            }
        }
        return item.read(data, !abandoned());
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (line.is("EN")) {
            item.flags(line);
            return new Reply.Miss(Lease.NONE, 0);
        }
        if (!withValue) {
            if (!line.is("HD")) {
                throw unexpected(line);
            }
            return item.version(line);
        }
        item.announce(line, connection().itemLimit(), !abandoned());
        return null;
    }
}
