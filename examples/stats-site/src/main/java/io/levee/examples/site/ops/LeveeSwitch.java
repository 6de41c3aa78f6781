package io.levee.examples.site.ops;

import io.levee.cache.client.CacheClient;
import org.springframework.stereotype.Component;

/** Switches Levee off, for the demonstration: then every page asks the database, and nothing is kept warm. */
@Component
public class LeveeSwitch {
    private final CacheClient client;
    private volatile boolean on = true;

    LeveeSwitch(CacheClient client) {
        this.client = client;
    }

    /** Whether pages are answered by way of Levee. */
    public boolean isOn() {
        return on;
    }

    /** Turns it; returns false if it was so already. */
    synchronized boolean turn(boolean toOn) {
        if (on == toOn) {
            return false;
        }
        on = toOn;
        if (toOn) {
            client.resumePeriodicWriteThrough();
        } else {
            client.pausePeriodicWriteThrough();
        }
        return true;
    }
}
