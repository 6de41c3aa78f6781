package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.nio.ByteBuffer;

/** {@code ms} and {@code md}: answered by one line that says how it went and sends the opaque back. */
final class MetaWrite extends SpyOperation {
    private enum Kind {
        SET,
        FILL,
        ADD,
        DELETE,
        RELEASE,
        BURY,
        BURY_IF,
        REOPEN
    }

    private final Kind kind;
    private final int opaque;
    private final int dataBytes;

    private MetaWrite(SpyConnection connection, Kind kind, String key, int opaque, int dataBytes, ByteBuffer command) {
        super(connection, key, command);
        this.kind = kind;
        this.opaque = opaque;
        this.dataBytes = dataBytes;
    }

    static MetaWrite set(SpyConnection connection, String key, int opaque, byte[] data, int flags, long expiration) {
        ByteBuffer command =
                store(key, opaque, data, flags, expiration).data(data).end();
        return new MetaWrite(connection, Kind.SET, key, opaque, data.length, command);
    }

    static MetaWrite fill(
            SpyConnection connection, String key, int opaque, byte[] data, int flags, long expiration, long token) {
        ByteBuffer command = store(key, opaque, data, flags, expiration)
                .flag('C', token)
                .data(data)
                .end();
        return new MetaWrite(connection, Kind.FILL, key, opaque, data.length, command);
    }

    static MetaWrite add(SpyConnection connection, String key, int opaque, byte[] data, int flags, long expiration) {
        ByteBuffer command = store(key, opaque, data, flags, expiration)
                .word(" ME")
                .data(data)
                .end();
        return new MetaWrite(connection, Kind.ADD, key, opaque, data.length, command);
    }

    private static CommandLine store(String key, int opaque, byte[] data, int flags, long expiration) {
        return new CommandLine("ms", key, data.length)
                .number(data.length)
                .flag('T', expiration)
                .flag('F', Integer.toUnsignedLong(flags))
                .flag('O', opaque);
    }

    static MetaWrite delete(SpyConnection connection, String key, int opaque) {
        ByteBuffer command = new CommandLine("md", key, 0).flag('O', opaque).end();
        return new MetaWrite(connection, Kind.DELETE, key, opaque, 0, command);
    }

    static MetaWrite release(SpyConnection connection, String key, int opaque, long token) {
        ByteBuffer command =
                new CommandLine("md", key, 0).flag('O', opaque).flag('C', token).end();
        return new MetaWrite(connection, Kind.RELEASE, key, opaque, 0, command);
    }

    static MetaWrite bury(SpyConnection connection, String key, int opaque, long expiration) {
        ByteBuffer command = store(key, opaque, Tombstone.NOTHING, Tombstone.FLAGS, expiration)
                .data(Tombstone.NOTHING)
                .end();
        return new MetaWrite(connection, Kind.BURY, key, opaque, 0, command);
    }

    static MetaWrite bury(SpyConnection connection, String key, int opaque, long expiration, long token) {
        ByteBuffer command = store(key, opaque, Tombstone.NOTHING, Tombstone.FLAGS, expiration)
                .flag('C', token)
                .data(Tombstone.NOTHING)
                .end();
        return new MetaWrite(connection, Kind.BURY_IF, key, opaque, 0, command);
    }

    static MetaWrite reopen(SpyConnection connection, String key, int opaque, long token) {
        ByteBuffer command = new CommandLine("md", key, 0)
                .flag('O', opaque)
                .word(" I")
                .flag('C', token)
                .end();
        return new MetaWrite(connection, Kind.REOPEN, key, opaque, 0, command);
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        return readLine(data);
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        Reply reply = reply(line);
        String text = reply == null ? line.text() : "";
        while (line.next()) {
            if (line.letter() == 'O' && line.numberAfterLetter() != opaque) {
                throw new OutOfStepException("another request's answer");
            }
        }
        if (reply == null) {
            throw new OutOfStepException("not an answer of memcached's: " + text);
        }
        return reply;
    }

    private Reply reply(ReplyLine line) {
        boolean done = line.is("HD");
        boolean absent = line.is("NF");
        boolean other = line.is("EX") || line.is("NS");
        if (!done && !absent && !other) {
            return null;
        }
        return switch (kind) {
            case SET -> done ? new Reply.Stored() : new Unavailable(Reason.REFUSED, "not stored: " + line.text());
            case FILL, ADD -> done ? new Reply.Stored() : new Reply.NotStored();
            case DELETE ->
                done || absent ? new Reply.Deleted() : new Unavailable(Reason.REFUSED, "not deleted: " + line.text());
            case BURY -> done ? new Reply.Deleted() : new Unavailable(Reason.REFUSED, "not deleted: " + line.text());
            case RELEASE, BURY_IF -> done || absent ? new Reply.Deleted() : new Reply.NotStored();
            case REOPEN -> done ? new Reply.Reopened() : absent ? new Reply.Deleted() : new Reply.NotStored();
        };
    }

    private boolean sendsData() {
        return kind != Kind.DELETE && kind != Kind.RELEASE && kind != Kind.REOPEN;
    }

    @Override
    Reply error(ReplyLine line) throws OutOfStepException {
        if (sendsData()) {
            if (dataBytes > 0 && line.startsWith("SERVER_ERROR object too large")) {
                return new Reply.TooLarge(dataBytes, connection().itemLimit());
            }
            if (line.startsWith("ERROR")) {
                // The node does not know the command, so it takes the value's bytes for commands: stop before it runs
                // them.
                throw new OutOfStepException(Losses.said(line.text()));
            }
        }
        return super.error(line);
    }
}
