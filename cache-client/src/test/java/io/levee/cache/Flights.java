package io.levee.cache;

import io.levee.cache.internal.flight.SingleFlight;
import java.lang.reflect.Field;

/** Looks at what a cache has in the air, which is no user's business. */
final class Flights {
    private Flights() {}

    static int of(ReadThroughCache<?, ?> cache) {
        try {
            Field flights = cache.getClass().getDeclaredField("flights");
            flights.setAccessible(true);
            return ((SingleFlight<?>) flights.get(cache)).size();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a cache keeps its flights elsewhere", e);
        }
    }
}
