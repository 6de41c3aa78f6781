package io.levee.cache.internal.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.load.LoadOutcome.Closed;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Interrupted;
import io.levee.cache.internal.load.LoadOutcome.Loaded;
import io.levee.cache.internal.load.LoadOutcome.Rejected;
import io.levee.cache.internal.thread.LoaderThreads;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.monitor.CacheListener;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedLoaderTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private long nanos;
    private final TimeSource time = new TimeSource() {
        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    };
    private final Timer timer = new Timer("loads");
    private final CacheEvents events = new CacheEvents("c", CacheListener.NONE);
    private final GuardedLoader<String, String> loader = new GuardedLoader<>("c", 1, timer, events, time);
    private final Queue<Runnable> later = new ArrayDeque<>();
    private int loads;

    @AfterEach
    void stop() {
        timer.close();
    }

    private CompletableFuture<LoadOutcome<String>> load(String key, long waitNanos, LoaderThreads where) {
        return loader.load(key, key, this::count, null, false, waitNanos, where);
    }

    private CompletableFuture<LoadOutcome<String>> fail(Exception cause) {
        return loader.load(
                "k",
                "k",
                key -> {
                    loads++;
                    throw cause;
                },
                null,
                false,
                0,
                Runnable::run);
    }

    private String count(String key) {
        loads++;
        return key + loads;
    }

    @Test
    void load_withAFreePermit_isLoaded() {
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k1", 0));
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k2", 0));
    }

    @Test
    void load_atTheBound_isRejectedOrWaits() {
        CompletableFuture<LoadOutcome<String>> running = load("one", 0, later::add);
        assertThat(load("two", 0, Runnable::run)).isCompletedWithValue(new Rejected<>(1, 0));
        CompletableFuture<LoadOutcome<String>> waiting = load("three", LONG, Runnable::run);
        assertThat(waiting).isNotDone();

        later.remove().run();

        assertThat(running).isCompletedWithValue(new Loaded<>("one1", 0));
        assertThat(waiting).isCompletedWithValue(new Loaded<>("three2", 0));
    }

    @Test
    void executorThatTakesNothing_costsNoPermit() {
        CompletableFuture<LoadOutcome<String>> refused = load("k", 0, step -> {
            throw new OutOfMemoryError("unable to create native thread");
        });

        assertThat(refused).isCompletedExceptionally();
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k1", 0));
    }

    @Test
    void failure_isHeldBackForASecond() {
        Exception cause = new Exception("down");
        assertThat(fail(cause)).isCompletedWithValue(new Failed<>(cause));

        nanos += TimeUnit.MILLISECONDS.toNanos(999);
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Failed<>(cause));
        assertThat(load("other", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("other2", 0));
        nanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k3", 0));
    }

    @Test
    void failure_ofAKeyThatWasWritten_isForgotten() {
        fail(new Exception("down")).join();

        loader.forgetFailure("k");

        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k2", 0));
    }

    @Test
    void interruption_isNotHeldBackAndKeepsTheFlag() {
        InterruptedException cause = new InterruptedException();
        CompletableFuture<LoadOutcome<String>> interrupted = fail(cause);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(interrupted).isCompletedWithValue(new Interrupted<>(cause));
        assertThat(load("k", 0, Runnable::run)).isCompletedWithValue(new Loaded<>("k2", 0));
        assertThat(events.snapshot(0, 0).loadFailures()).isEqualTo(1);
    }

    @Test
    void close_endsWaitingAndLoadsNothingMore() {
        CompletableFuture<LoadOutcome<String>> granted = load("one", 0, later::add);
        CompletableFuture<LoadOutcome<String>> waiting = load("two", LONG, Runnable::run);

        loader.close();
        later.remove().run();

        assertThat(granted).isCompletedWithValue(new Closed<>());
        assertThat(waiting).isCompletedWithValue(new Closed<>());
        assertThat(load("three", LONG, Runnable::run)).isCompletedWithValue(new Closed<>());
        assertThat(loads).isZero();
    }
}
