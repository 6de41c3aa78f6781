package io.levee.examples.incident.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C, as far as a run is concerned. Thread-safe. */
public final class StopSignal {
    private final CountDownLatch given = new CountDownLatch(1);

    public void give() {
        given.countDown();
    }

    public boolean isGiven() {
        return given.getCount() == 0;
    }

    /** Waits until then on {@code System.nanoTime}, or until the signal is given: then returns false. */
    boolean waitUntil(long nanoTime) throws InterruptedException {
        return !given.await(Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
