package io.levee.cache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.internal.time.TimeSource;
import java.util.Collection;
import java.util.List;

/** The keys that were read lately. Thread-safe; a read of a key that is known costs a look-up in Caffeine. */
public final class KeysRead<K> {
    private final Cache<Object, K> keys;

    public KeysRead(KeysReadPolicy policy, TimeSource time) {
        keys = Caffeine.newBuilder()
                .expireAfterAccess(policy.within())
                .maximumSize(policy.atMost())
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /**
     * The key was read now.
     *
     * @param localKey the same key, as it is told from others
     */
    public void read(Object localKey, K key) {
        if (keys.getIfPresent(localKey) == null) {
            keys.put(localKey, key);
        }
    }

    /** Those that count still, in no order. */
    public Collection<K> keys() {
        keys.cleanUp();
        return List.copyOf(keys.asMap().values());
    }
}
