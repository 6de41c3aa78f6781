package io.levee.cache.spring.autoconfigure;

import io.levee.cache.client.CacheClient;
import org.springframework.context.SmartLifecycle;

/**
 * Pauses the periodic write-through with the first that stops, as schedulers do: the web server still answers its last requests after
 * that, from the caches, and what loaders need is closed later. The client itself is closed with the beans, after all of these: a
 * context may be stopped and started again.
 */
final class LeveeLifecycle implements SmartLifecycle {
    private final CacheClient client;
    private volatile boolean running;

    LeveeLifecycle(CacheClient client) {
        this.client = client;
    }

    @Override
    public void start() {
        client.resumePeriodicWriteThrough();
        running = true;
    }

    @Override
    public void stop() {
        client.pausePeriodicWriteThrough();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
