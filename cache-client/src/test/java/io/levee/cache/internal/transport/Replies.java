package io.levee.cache.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for replies, and says what they were. */
final class Replies {
    /** Far past any time-out of the transports under test: a future that is not done by then hangs. */
    private static final int HANGING_SECONDS = 20;

    private Replies() {}

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(HANGING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a future was left hanging", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a future failed, which none may", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a reply", e);
        }
    }

    static <R extends Reply> R await(CompletableFuture<Reply> future, Class<R> type) {
        Reply reply = await(future);
        assertThat(reply).isInstanceOf(type);
        return type.cast(reply);
    }

    static Reply.Unavailable unavailable(CompletableFuture<Reply> future, Reply.Reason reason) {
        Reply.Unavailable reply = await(future, Reply.Unavailable.class);
        assertThat(reply.reason()).as(reply.detail()).isEqualTo(reason);
        return reply;
    }
}
