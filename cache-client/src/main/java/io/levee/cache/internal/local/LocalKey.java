package io.levee.cache.internal.local;

/** A key of one cache among all caches of a client. */
final class LocalKey {
    private final Holding holding;
    private final Object key;
    private final int hash;

    LocalKey(Holding holding, Object key) {
        this.holding = holding;
        this.key = key;
        this.hash = 31 * key.hashCode() + System.identityHashCode(holding);
    }

    Object key() {
        return key;
    }

    Holding holding() {
        return holding;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a holding is itself alone
    public boolean equals(Object other) {
        return other instanceof LocalKey that && hash == that.hash && holding == that.holding && key.equals(that.key);
    }
}
