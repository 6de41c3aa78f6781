package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code gets} of one key or many, perhaps behind an {@code add} for each of them, in one piece. The node answers the adds by a
 * line each, then with the items that are there, in the order of asking and by their keys, and {@code END}.
 */
final class ClassicRead extends SpyOperation {
    private final List<String> keys;
    private final List<Placeholder> placeholders;
    private final BulkReplies replies;

    /** Whether the only add is of a lease on an item that is there. */
    private final boolean claim;

    private int addsToAnswer;

    /** What a hit says of its lease: to a claim, as its add went. */
    private Lease lease = Lease.NONE;

    /** The key whose value is being read, or the last one whose value was. */
    private int at = -1;

    private int flags;
    private long token;

    /** Being read, or null between two. */
    private ItemData data;

    /** The first error line; none that is missing counts as a miss then. */
    private Unavailable refused;

    private ClassicRead(
            SpyConnection connection,
            List<String> keys,
            List<Placeholder> placeholders,
            boolean claim,
            BulkReplies replies,
            List<ByteBuffer> commands) {
        super(connection, "", CommandLine.oneAfterAnother(commands.toArray(new ByteBuffer[0])));
        this.keys = keys;
        this.placeholders = placeholders;
        this.claim = claim;
        this.replies = replies;
        this.addsToAnswer = placeholders.size();
    }

    /** @param left a placeholder to be left under each key if nothing is there; or none at all */
    static ClassicRead all(SpyConnection connection, List<String> keys, List<Placeholder> left, BulkReplies replies) {
        List<ByteBuffer> commands = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            commands.add(left.get(i).add(keys.get(i)).end());
        }
        commands.add(CommandLine.ofAll("gets", keys));
        return new ClassicRead(connection, keys, left, false, replies, commands);
    }

    static ClassicRead claim(SpyConnection connection, String key, Placeholder claim, BulkReplies replies) {
        List<String> keys = List.of(key);
        List<ByteBuffer> commands = List.of(claim.add(LeaseKey.of(key)).end(), CommandLine.ofAll("gets", keys));
        return new ClassicRead(connection, keys, List.of(claim), true, replies, commands);
    }

    @Override
    int slots() {
        return replies.slots();
    }

    @Override
    Reply read(ByteBuffer bytes) throws OutOfStepException {
        Reply end = null;
        while (end == null && bytes.hasRemaining()) {
            if (data == null) {
                end = readLine(bytes);
            } else if (data.readFrom(bytes, !abandoned())) {
                replies.put(at, reply());
                data = null;
            }
        }
        return end;
    }

    private Reply reply() {
        if (Tombstone.isOne(flags, data.length())) {
            return new Reply.Miss(lease, token);
        }
        if (!Placeholder.isOne(flags)) {
            return new Reply.Hit(data.bytes(), flags, token, lease, false);
        }
        boolean mine = !claim && !placeholders.isEmpty() && placeholders.get(at).isMine(data.bytes());
        return new Reply.Miss(mine ? Lease.WON : Lease.LOST, token);
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (addsToAnswer > 0) {
            added(line);
            return null;
        }
        if (line.is("END")) {
            return refused == null ? new Reply.Alive() : refused;
        }
        if (!line.is("VALUE") || !line.next()) {
            throw unexpected(line);
        }
        at = place(line);
        flags = (int) number(line);
        if (!line.next()) {
            throw unexpected(line);
        }
        ItemData announced = new ItemData(line, connection().itemLimit(), !abandoned());
        token = number(line);
        data = announced;
        return null;
    }

    private void added(ReplyLine line) throws OutOfStepException {
        boolean stored = line.is("STORED");
        if (!stored && !line.is("NOT_STORED")) {
            throw unexpected(line);
        }
        addsToAnswer--;
        if (claim) {
            lease = stored ? Lease.WON : Lease.LOST;
        }
    }

    /** Which of the keys that are left the line names. */
    private int place(ReplyLine line) throws OutOfStepException {
        for (int i = at + 1; i < keys.size(); i++) {
            if (line.is(keys.get(i))) {
                return i;
            }
        }
        throw new OutOfStepException("another key's value");
    }

    private static long number(ReplyLine line) throws OutOfStepException {
        if (!line.next()) {
            throw unexpected(line);
        }
        return line.number();
    }

    @Override
    Reply error(ReplyLine line) throws OutOfStepException {
        if (line.startsWith("ERROR")) {
            // Of an add: the node takes its data for a command, so stop before it runs it.
            throw new OutOfStepException(Losses.said(line.text()));
        }
        if (refused == null) {
            refused = new Unavailable(Reason.REFUSED, line.text());
        }
        if (addsToAnswer > 0) {
            addsToAnswer--;
            return null;
        }
        // In place of END.
        return refused;
    }
}
