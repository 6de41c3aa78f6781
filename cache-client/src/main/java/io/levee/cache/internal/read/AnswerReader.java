package io.levee.cache.internal.read;

import io.levee.cache.internal.entry.NotAnEntryException;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Lease;

/** Makes sense of what a node replied, and shelves what is new to this process. */
public final class AnswerReader<K, V> {
    private final Shelf<V> shelf;
    private final Envelope<V> envelope;
    private final CacheEvents events;

    public AnswerReader(Shelf<V> shelf, Envelope<V> envelope, CacheEvents events) {
        this.shelf = shelf;
        this.envelope = envelope;
        this.events = events;
    }

    Answer<V> read(Call<K, V> call, Reply reply) {
        if (reply instanceof Reply.Hit hit) {
            return found(call, hit);
        }
        if (reply instanceof Reply.Miss miss) {
            return new NotFound<>(miss.token(), miss.lease());
        }
        return new Unreachable<>();
    }

    private Answer<V> found(Call<K, V> call, Reply.Hit hit) {
        LocalEntry<V> held = shelf.get(call.localKey());
        try {
            LocalEntry<V> entry = envelope.open(hit.data(), hit.flags(), hit.token(), 0, held);
            if (entry != held && !hit.stale()) {
                shelf.fillRead(call.localKey(), entry, call.stamp(), call.startNanos());
            }
            return new Found<>(entry, hit.token(), hit.lease(), hit.stale());
        } catch (NotAnEntryException e) {
            events.undecodable(call.key(), e.reason());
        } catch (RuntimeException | StackOverflowError e) {
            // Values are untrusted input, and a codec may be the user's own: whatever it throws, this is no value.
            events.undecodable(call.key(), e.toString());
        }
        return new NotFound<>(hit.token(), Lease.NONE);
    }
}
