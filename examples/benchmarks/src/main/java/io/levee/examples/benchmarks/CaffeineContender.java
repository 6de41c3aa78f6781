package io.levee.examples.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** A cache in this process as people build it: bounded by weight, with a time to live. */
final class CaffeineContender implements Contender {
    private final Cache<String, String> cache = Caffeine.newBuilder()
            .maximumWeight(256L * 1024 * 1024)
            .weigher((String key, String value) -> key.length() + value.length())
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    void fill(String[] keys, String value) {
        for (String key : keys) {
            cache.put(key, value);
        }
    }

    @Override
    public String name() {
        return "caffeine";
    }

    @Override
    public Object get(String key) {
        return cache.getIfPresent(key);
    }
}
