/** The periodic write-through: when which key is recomputed, whether or not anybody reads it. */
package io.levee.cache.internal.schedule;
