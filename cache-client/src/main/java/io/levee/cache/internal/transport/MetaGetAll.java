package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A quiet {@code mg} for each key, and {@code mn} behind them, which is answered when they all have been. Memcached answers in
 * the order of asking and says nothing of a quiet miss, so a key that was passed over is one.
 */
final class MetaGetAll extends SpyOperation {
    private final List<String> keys;
    private final int firstOpaque;
    private final BulkReplies replies;

    /** The key whose value is being read, or the last one whose value was. */
    private int at = -1;

    /** Being read, or null between two. */
    private MetaItem item;

    /** The first error line. Which key it was for is not said, so none that is missing counts as a miss then. */
    private Unavailable refused;

    /** @param firstOpaque the first key's, the others' being those that follow; no other request in flight has any of them */
    MetaGetAll(
            SpyConnection connection,
            List<String> keys,
            int firstOpaque,
            int leaseSeconds,
            int recacheSeconds,
            BulkReplies replies) {
        super(connection, "", command(keys, firstOpaque, leaseSeconds, recacheSeconds));
        this.keys = keys;
        this.firstOpaque = firstOpaque;
        this.replies = replies;
    }

    private static ByteBuffer command(List<String> keys, int firstOpaque, int leaseSeconds, int recacheSeconds) {
        ByteBuffer[] commands = new ByteBuffer[keys.size() + 1];
        for (int i = 0; i < keys.size(); i++) {
            commands[i] = MetaGet.command(keys.get(i), firstOpaque + i, leaseSeconds, recacheSeconds)
                    .word(" q")
                    .end();
        }
        commands[keys.size()] = new CommandLine("mn", "", 0).end();
        return CommandLine.oneAfterAnother(commands);
    }

    @Override
    int slots() {
        return replies.slots();
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        Reply end = null;
        while (end == null && data.hasRemaining()) {
            if (item == null) {
                end = readLine(data);
            } else {
                Reply reply = item.read(data, !abandoned());
                if (reply != null) {
                    replies.put(at, reply);
                    item = null;
                }
            }
        }
        return end;
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (line.is("MN")) {
            return refused == null ? new Reply.Alive() : refused;
        }
        int next = index(line);
        MetaItem announced = new MetaItem(keys.get(next), firstOpaque + next);
        announced.announce(line, connection().itemLimit(), !abandoned());
        at = next;
        item = announced;
        return null;
    }

    /** Which key the line says it is for. The key that it names is compared with that one's afterwards. */
    private int index(ReplyLine line) throws OutOfStepException {
        long index = -1;
        while (line.next()) {
            if (line.letter() == 'O') {
                index = line.numberAfterLetter() - firstOpaque;
            }
        }
        if (index <= at || index >= keys.size()) {
            throw new OutOfStepException("not an answer to any of the keys that were left: " + line.text());
        }
        line.toFirstWord();
        return (int) index;
    }

    @Override
    Reply error(ReplyLine line) throws OutOfStepException {
        if (line.startsWith("ERROR")) {
            // A node that does not know the command says so once a key, and never the word that ends this.
            throw new OutOfStepException(Losses.said(line.text()));
        }
        if (refused == null) {
            refused = new Unavailable(Reason.REFUSED, line.text());
        }
        return null;
    }
}
