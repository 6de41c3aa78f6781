package io.levee.cache.client;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheWriter;
import io.levee.cache.codec.Codec;
import io.levee.cache.internal.entry.KeyEncoder;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * What a cache is made of besides its settings.
 *
 * @param loader null if every call brings its own
 * @param bulkLoader null if many keys are loaded one by one
 * @param writer null if callers write to the database themselves
 * @param periodicKeys which keys the periodic write-through keeps warm; null if none, or those that are read
 */
record CacheDefinition<K, V>(
        KeyEncoder<K> keys,
        Codec<V> codec,
        CacheLoader<? super K, ? extends V> loader,
        BulkLoader<K, V> bulkLoader,
        CacheWriter<? super K, ? super V> writer,
        Supplier<? extends Collection<? extends K>> periodicKeys) {}
