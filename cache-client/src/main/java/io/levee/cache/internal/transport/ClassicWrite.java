package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.nio.ByteBuffer;

/** {@code set}, {@code add}, {@code cas} and {@code delete}: answered by one line, and by one more about its lease's key where it frees that. */
final class ClassicWrite extends SpyOperation {
    private enum Kind {
        SET,
        ADD,
        FILL,
        DELETE,
        RELEASE,
        BURY,
        BURY_IF
    }

    private final Kind kind;
    private final int dataBytes;

    /** The first answer, while the one about the lease's key is still to come. */
    private Reply first;

    private ClassicWrite(SpyConnection connection, Kind kind, String key, int dataBytes, ByteBuffer command) {
        super(connection, key, command);
        this.kind = kind;
        this.dataBytes = dataBytes;
    }

    static ClassicWrite set(SpyConnection connection, String key, byte[] data, int flags, long expiration) {
        ByteBuffer command = store("set", key, data, flags, expiration).end();
        return new ClassicWrite(connection, Kind.SET, key, data.length, command);
    }

    static ClassicWrite add(SpyConnection connection, String key, byte[] data, int flags, long expiration) {
        ByteBuffer command = store("add", key, data, flags, expiration).end();
        return new ClassicWrite(connection, Kind.ADD, key, data.length, command);
    }

    /** Frees the lease on the item that it replaces, too: the next claim is of the value that is stored here. */
    static ClassicWrite fill(
            SpyConnection connection, String key, byte[] data, int flags, long expiration, long token) {
        ByteBuffer command = line("cas", key, data, flags, expiration)
                .number(token)
                .data(data)
                .end();
        return new ClassicWrite(connection, Kind.FILL, key, data.length, withLease(key, command));
    }

    /** Frees the lease on what was there, too: its holder's fill is refused from now on. */
    static ClassicWrite bury(SpyConnection connection, String key, long expiration) {
        ByteBuffer command = store("set", key, Tombstone.NOTHING, Tombstone.FLAGS, expiration)
                .end();
        return new ClassicWrite(connection, Kind.BURY, key, 0, withLease(key, command));
    }

    /** Frees the lease, too: whoever had it gives it up by this. */
    static ClassicWrite bury(SpyConnection connection, String key, long expiration, long token) {
        ByteBuffer command = line("cas", key, Tombstone.NOTHING, Tombstone.FLAGS, expiration)
                .number(token)
                .data(Tombstone.NOTHING)
                .end();
        return new ClassicWrite(connection, Kind.BURY_IF, key, 0, withLease(key, command));
    }

    private static ByteBuffer withLease(String key, ByteBuffer command) {
        return CommandLine.oneAfterAnother(command, new CommandLine("delete", LeaseKey.of(key), 0).end());
    }

    private boolean freesLease() {
        return kind == Kind.FILL || kind == Kind.BURY || kind == Kind.BURY_IF;
    }

    static CommandLine store(String word, String key, byte[] data, int flags, long expiration) {
        return line(word, key, data, flags, expiration).data(data);
    }

    private static CommandLine line(String word, String key, byte[] data, int flags, long expiration) {
        return new CommandLine(word, key, data.length)
                .number(Integer.toUnsignedLong(flags))
                .number(expiration)
                .number(data.length);
    }

    static ClassicWrite delete(SpyConnection connection, String key) {
        return new ClassicWrite(connection, Kind.DELETE, key, 0, new CommandLine("delete", key, 0).end());
    }

    static ClassicWrite release(SpyConnection connection, String key, long token) {
        ByteBuffer command = Placeholder.nothingInPlaceOf(key, token).end();
        return new ClassicWrite(connection, Kind.RELEASE, key, 0, command);
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        Reply end = null;
        while (end == null && data.hasRemaining()) {
            Reply reply = readLine(data);
            if (reply == null || !freesLease()) {
                return reply;
            }
            if (first == null) {
                first = reply;
            } else {
                end = first;
            }
        }
        return end;
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        boolean stored = line.is("STORED");
        boolean other = line.is("NOT_STORED") || line.is("EXISTS");
        boolean absent = line.is("NOT_FOUND");
        boolean deletes = kind == Kind.DELETE || first != null;
        if (deletes ? !line.is("DELETED") && !absent : !stored && !other && !absent) {
            throw unexpected(line);
        }
        return switch (kind) {
            case SET -> stored ? new Reply.Stored() : new Unavailable(Reason.REFUSED, "not stored: " + line.text());
            case ADD, FILL -> stored ? new Reply.Stored() : new Reply.NotStored();
            case DELETE -> new Reply.Deleted();
            case BURY -> stored ? new Reply.Deleted() : new Unavailable(Reason.REFUSED, "not deleted: " + line.text());
            case RELEASE, BURY_IF -> stored || absent ? new Reply.Deleted() : new Reply.NotStored();
        };
    }

    @Override
    Reply error(ReplyLine line) throws OutOfStepException {
        if (kind != Kind.DELETE && line.startsWith("ERROR")) {
            // The node takes the value's bytes for commands: stop before it runs them.
            throw new OutOfStepException(Losses.said(line.text()));
        }
        if (dataBytes > 0 && first == null && line.startsWith("SERVER_ERROR object too large")) {
            return new Reply.TooLarge(dataBytes, connection().itemLimit());
        }
        return super.error(line);
    }
}
