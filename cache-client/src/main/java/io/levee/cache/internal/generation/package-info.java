/**
 * The generations of caches, by which clearing one costs a small write a node: {@link
 * io.levee.cache.internal.generation.Generations} is the door, {@link io.levee.cache.internal.generation.GenerationRecord} what
 * processes tell each other through memcached.
 */
package io.levee.cache.internal.generation;
