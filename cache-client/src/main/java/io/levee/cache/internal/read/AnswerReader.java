package io.levee.cache.internal.read;

import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.NotAnEntryException;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.internal.write.InvalidationJournal.Verdict;

/** Makes sense of what a node replied, and shelves what is new to this process. */
public final class AnswerReader<K, V> {
    private final Shelf<V> shelf;
    private final Envelope<V> envelope;
    private final Generation generation;
    private final InvalidationJournal journal;
    private final CacheEvents events;
    private volatile boolean metLaterRelease;

    public AnswerReader(
            Shelf<V> shelf,
            Envelope<V> envelope,
            Generation generation,
            InvalidationJournal journal,
            CacheEvents events) {
        this.generation = generation;
        this.journal = journal;
        this.shelf = shelf;
        this.envelope = envelope;
        this.events = events;
    }

    Answer<V> read(Call<K, V> call, Reply reply) {
        return readAgain(call, reply, 0);
    }

    /**
     * As {@link #read}, for a call that has looked before.
     *
     * @param token of what it found then, and what has been reported if need be
     */
    Answer<V> readAgain(Call<K, V> call, Reply reply, long token) {
        if (reply instanceof Reply.Hit hit) {
            return found(call, hit, hit.token() != token);
        }
        if (reply instanceof Reply.Miss miss) {
            return new NotFound<>(miss.token(), miss.lease(), true);
        }
        return new Unreachable<>();
    }

    private Answer<V> found(Call<K, V> call, Reply.Hit hit, boolean reports) {
        LocalEntry<V> held = shelf.get(call.localKey());
        try {
            EntryHeader header = EntryFormat.header(hit.data(), hit.flags());
            Verdict verdict = judge(call, header);
            if (verdict == Verdict.REFUSED_FOR_NOW) {
                return new Unreachable<>();
            }
            if (verdict == Verdict.REFUSED || envelope.isPast(header, generation.current())) {
                return new NotFound<>(hit.token(), hit.lease(), false);
            }
            if (envelope.isOfLaterRelease(header)) {
                return later(new Later<>(hit.token(), header.writtenAtMillis()), held);
            }
            LocalEntry<V> entry = envelope.open(hit.data(), header, hit.token(), held);
            if (entry != held && !hit.stale()) {
                shelf.fillRead(call.localKey(), entry, call.stamp(), call.startNanos());
            }
            return new Found<>(entry, hit.token(), hit.lease(), hit.stale());
        } catch (NotAnEntryException e) {
            report(call, e.reason(), reports);
        } catch (RuntimeException | StackOverflowError e) {
            // Values are untrusted input, and a codec may be the user's own: whatever it throws, this is no value.
            report(call, e.toString(), reports);
        }
        return new NotFound<>(hit.token(), hit.lease(), false);
    }

    private Answer<V> later(Later<V> item, LocalEntry<V> held) {
        metLaterRelease = true;
        if (held != null && held.isLoadedBeside(item.token(), item.writtenAtMillis())) {
            envelope.confirm(held);
        }
        return item;
    }

    /**
     * With less than how long left to live an item's lease is to be asked for along with it: never, when a later release is about. It would be
     * the lease that the later release is to have, and nobody here could do anything with it.
     */
    int recacheSeconds(int unlessMet) {
        return metLaterRelease ? 0 : unlessMet;
    }

    /** Whether this process holds something that is surely newer, and still usable. */
    boolean isBehind(Call<K, V> call, LocalEntry<V> entry, long nowNanos) {
        LocalEntry<V> held = shelf.get(call.localKey());
        return held != null && held.isUsable(nowNanos) && held.isSurelyNewerThan(entry);
    }

    private void report(Call<K, V> call, String reason, boolean reports) {
        if (reports) {
            events.undecodable(call.key(), reason);
        }
    }

    /** Whether it may have been invalidated by this process without the node's knowledge, beyond what the journal could keep. */
    private Verdict judge(Call<K, V> call, EntryHeader header) {
        if (!journal.isInDoubt(call.node())) {
            return Verdict.BELIEVED;
        }
        return journal.judge(call.node(), header.writtenAtMillis() - header.loadMillis());
    }
}
