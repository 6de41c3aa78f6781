/**
 * Gives a node that came back empty what this process still holds. {@link io.levee.cache.internal.refill.WarmUp} is the door; what may
 * be given back is {@link io.levee.cache.internal.refill.Stock}'s to say.
 */
package io.levee.cache.internal.refill;
