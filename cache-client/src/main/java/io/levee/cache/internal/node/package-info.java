/**
 * The nodes: which one holds a key, whether it is in use, and how it comes back. {@link
 * io.levee.cache.internal.node.NodeTier} is the door, {@link io.levee.cache.internal.node.NodeSupervisor} the story.
 */
package io.levee.cache.internal.node;
