package io.levee.cache.internal.read;

import io.levee.cache.CacheClosedException;
import io.levee.cache.CacheException;
import io.levee.cache.CacheSettings;
import io.levee.cache.LoadException;
import io.levee.cache.LoadRejectedException;
import io.levee.cache.LoadTimeoutException;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Interrupted;
import io.levee.cache.internal.load.LoadOutcome.Rejected;
import io.levee.cache.internal.read.Landing.Broke;
import io.levee.cache.internal.read.Landing.TookTooLong;
import java.time.Duration;

/** Says why a caller gets no value: which cache and key, what was waited for, and the settings that would change it. */
final class Failures {
    private final CacheSettings settings;

    Failures(CacheSettings settings) {
        this.settings = settings;
    }

    /**
     * The exception of one caller, made anew for each: its stack says who asked, its cause what went wrong.
     *
     * @param landing any that brought no value
     */
    CacheException of(Object key, Landing<?> landing) {
        String cache = "cache \"" + settings.name() + "\" ";
        if (landing instanceof TookTooLong<?> late) {
            return new LoadTimeoutException(cache + "waited " + millis(late.waitedNanos()) + " for the load of key "
                    + key + ", which goes on (" + limits() + ")");
        }
        if (landing instanceof Broke<?> broke && broke.outcome() instanceof Failed<?> failed) {
            return new LoadException(cache + "could not load key " + key + ": " + failed.cause(), failed.cause());
        }
        if (landing instanceof Broke<?> broke && broke.outcome() instanceof Interrupted<?> interrupted) {
            return new LoadException(
                    cache + "did not load key " + key + ", the load was interrupted: " + interrupted.cause(),
                    interrupted.cause());
        }
        if (landing instanceof Broke<?> broke && broke.outcome() instanceof Rejected<?> rejected) {
            return new LoadRejectedException(cache + "did not load key " + key + ": " + rejected.bound()
                    + " loads are running (maxConcurrentLoads), and none ended within "
                    + millis(rejected.waitedNanos()) + " (loadWait)");
        }
        return new CacheClosedException(cache + "was closed while key " + key + " was being loaded");
    }

    private String limits() {
        String wait = "loadWait " + settings.loadWait().toMillis() + " ms";
        Duration hard = settings.hardLoadTimeout();
        return hard.isZero() ? wait : wait + ", hard loadTimeout " + hard.toMillis() + " ms";
    }

    private static String millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis() + " ms";
    }
}
