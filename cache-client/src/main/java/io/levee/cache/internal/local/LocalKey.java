package io.levee.cache.internal.local;

/** A key of one cache among all caches of a client. */
final class LocalKey {
    private final int cacheId;
    private final Object key;
    private final int hash;

    LocalKey(int cacheId, Object key) {
        this.cacheId = cacheId;
        this.key = key;
        this.hash = 31 * key.hashCode() + cacheId;
    }

    Object key() {
        return key;
    }

    boolean isOf(int otherCacheId) {
        return cacheId == otherCacheId;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalKey that && hash == that.hash && cacheId == that.cacheId && key.equals(that.key);
    }
}
