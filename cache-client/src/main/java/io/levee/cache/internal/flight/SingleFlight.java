package io.levee.cache.internal.flight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * At most one flight per key at a time: of all callers of this process that need a key loaded, the first flies, the others
 * wait for it. {@code R} is what they get.
 */
public final class SingleFlight<R> {
    private final ConcurrentHashMap<Object, Flight<R>> flights = new ConcurrentHashMap<>();
    /** Still in the air: nobody joins them any more, but those who wait must be ended by {@link #close}. */
    private final Set<Flight<R>> leftBehind = ConcurrentHashMap.newKeySet();

    private volatile R closedWith;

    /** Returns the key's flight, and whether the caller has just started it and is to lead it. */
    public Boarding<R> board(Object key) {
        Flight<R> own = new Flight<>();
        Flight<R> present = flights.putIfAbsent(key, own);
        if (present != null) {
            return new Boarding<>(present, false);
        }
        R end = closedWith;
        if (end != null) {
            // close() may have passed over the map just before we put ourselves there.
            land(key, own, end);
        }
        return new Boarding<>(own, true);
    }

    /** Ends a flight: whoever comes now starts another, and those who wait get {@code result}. */
    public void land(Object key, Flight<R> flight, R result) {
        flights.remove(key, flight);
        leftBehind.remove(flight);
        flight.land(result);
    }

    /**
     * The key was put or invalidated: what a flight under way will bring answers those who wait for it, but is not to be stored, and
     * whoever comes from now on does not join it.
     */
    public void supersede(Object key) {
        flights.computeIfPresent(key, (k, flight) -> superseded(flight));
    }

    /** As {@link #supersede(Object)}, if that is still the key's flight. */
    public void supersede(Object key, Flight<R> outdated) {
        flights.computeIfPresent(key, (k, flight) -> flight == outdated ? superseded(flight) : flight);
    }

    private Flight<R> superseded(Flight<R> flight) {
        flight.supersede();
        leftBehind.add(flight);
        return null;
    }

    /**
     * The cache was cleared: whoever comes from now on joins no flight under way. What one brings may still be stored, if its load
     * began after that; a generation tells, and not this, which comes a moment later.
     */
    public void leaveAllBehind() {
        for (Object key : flights.keySet()) {
            flights.computeIfPresent(key, (k, flight) -> {
                leftBehind.add(flight);
                return null;
            });
        }
    }

    /** Whether a flight of this key may be joined now. */
    public boolean isUnderWay(Object key) {
        return flights.containsKey(key);
    }

    /** Flights in the air. */
    public int size() {
        return flights.size() + leftBehind.size();
    }

    /** Lands every flight, now and from now on, with {@code result}. */
    public void close(R result) {
        closedWith = result;
        flights.forEach((key, flight) -> land(key, flight, result));
        leftBehind.forEach(flight -> flight.land(result));
    }

    public record Boarding<R>(Flight<R> flight, boolean leads) {}
}
