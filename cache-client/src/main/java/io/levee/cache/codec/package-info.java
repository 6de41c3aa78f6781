/** How values become bytes and bytes become values. */
package io.levee.cache.codec;
