package io.levee.cache.internal.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings together the loads of a cache that wait for leave to run, and running ones that wait for the same keys. Of the two that meet,
 * the one that comes second finds the other.
 */
final class Loans {
    private final Map<Object, List<Waiting>> borrowers = new HashMap<>();
    private final Map<Object, List<LoadFrame>> lenders = new HashMap<>();

    /** Adds one that waits, and returns those that may lend to it. */
    synchronized List<LoadFrame> enter(Waiting borrower) {
        List<LoadFrame> found = new ArrayList<>();
        for (Object key : borrower.keys()) {
            add(borrowers, key, borrower);
            found.addAll(lenders.getOrDefault(key, List.of()));
        }
        return found;
    }

    synchronized void leave(Waiting borrower) {
        borrower.keys().forEach(key -> remove(borrowers, key, borrower));
    }

    /** Adds one that may lend, and returns those that wait. */
    synchronized List<Waiting> enter(Object key, LoadFrame lender) {
        add(lenders, key, lender);
        return List.copyOf(borrowers.getOrDefault(key, List.of()));
    }

    synchronized void leave(Object key, LoadFrame lender) {
        remove(lenders, key, lender);
    }

    private static <T> void add(Map<Object, List<T>> map, Object key, T one) {
        map.computeIfAbsent(key, k -> new ArrayList<>(1)).add(one);
    }

    private static <T> void remove(Map<Object, List<T>> map, Object key, T one) {
        map.computeIfPresent(key, (k, all) -> {
            all.remove(one);
            return all.isEmpty() ? null : all;
        });
    }
}
