package io.levee.cache.client;

import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.generation.Generations;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.local.LocalTier;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.internal.write.RecentWrites;

/** The rooms that all caches of a client share. */
record ClientRooms(
        ClientSettings settings,
        Listeners listener,
        ClientThreads threads,
        LocalTier localTier,
        HealthTracker health,
        InvalidationJournal journal,
        RecentWrites recentWrites,
        Generations generations,
        NodeTier nodes,
        TimeSource time) {}
