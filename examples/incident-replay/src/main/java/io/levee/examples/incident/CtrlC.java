package io.levee.examples.incident;

import io.levee.examples.incident.run.StopSignal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** From {@link #hear} on until it is closed, Ctrl-C and a polite kill give the stop signal, and the JVM ends only when this is closed, or after a while. */
final class CtrlC implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch concluded = new CountDownLatch(1);
    private final Thread hook;

    CtrlC(StopSignal stop) {
        hook = new Thread(
                () -> {
                    stop.give();
                    awaitConclusion();
                },
                "ctrl-c");
    }

    void hear() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitConclusion() {
        try {
            if (!concluded.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "incident-replay: the report is not written after " + PATIENCE_SECONDS + " s; giving up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        concluded.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook has just been let go on.
        }
    }
}
