package io.levee.cache.internal.thread;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that the caches of one client share. All are daemons named {@code levee-<client>-<role>}, started when first
 * needed and gone after {@link #close}.
 */
public final class ClientThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_WAIT_SECONDS = 5;

    /** Whose thread the current one is, or null. */
    private static final ThreadLocal<ClientThreads> OWNER = new ThreadLocal<>();

    private final ThreadPoolExecutor callbacks;
    private final ThreadPoolExecutor loaders;
    private final LoaderThreads loading;
    private final Timer timer;

    /** @param virtualLoaders whether loaders run on virtual threads, where {@link VirtualThreads#areThere} */
    public ClientThreads(String clientName, boolean virtualLoaders) {
        int processors = Runtime.getRuntime().availableProcessors();
        callbacks = new ThreadPoolExecutor(
                processors,
                processors,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("levee-" + clientName + "-callback-", false),
                ClientThreads::runWhereItStands);
        callbacks.allowCoreThreadTimeOut(true);
        // No bound of its own: a load has a permit of its cache before it comes here. Virtual threads are not kept: one
        // costs little more to start than to find.
        loaders = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                virtualLoaders ? 0 : IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("levee-" + clientName + "-loader-", virtualLoaders),
                ClientThreads::runWhereItStands);
        loading = new Loading(loaders, ContextCarrier.foundBy(ClientThreads.class.getClassLoader()));
        timer = new Timer(clientName);
    }

    /** Runs the steps of asynchronous calls. Steps compute; they do not block. */
    public Executor callbacks() {
        return callbacks;
    }

    /** Runs loaders, which block. Without a context, unless it is asked for. */
    public LoaderThreads loaders() {
        return loading;
    }

    public Timer timer() {
        return timer;
    }

    /** Interrupts the loaders that run, and waits a few seconds for them. */
    @Override
    public void close() {
        timer.close();
        callbacks.shutdown();
        loaders.shutdownNow();
        if (OWNER.get() == this) {
            // A loader or a future's dependent closes the client: it would wait for itself.
            return;
        }
        try {
            loaders.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
            callbacks.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After {@link #close}: what is left to do is to tell a caller that it is over, and nobody else would. */
    private static void runWhereItStands(Runnable step, ThreadPoolExecutor closed) {
        step.run();
    }

    private record Loading(Executor threads, ContextCarrier carrier) implements LoaderThreads {
        @Override
        public void execute(Runnable step) {
            threads.execute(step);
        }

        @Override
        public LoaderThreads withContext() {
            return carrier.carryTo(this);
        }
    }

    private ThreadFactory named(String prefix, boolean virtual) {
        ThreadFactory threads = virtual ? VirtualThreads.named(prefix) : platform(prefix);
        return step -> threads.newThread(() -> {
            OWNER.set(this);
            step.run();
        });
    }

    private static ThreadFactory platform(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return step -> {
            // What it inherited would be the first caller's, and every later load would see it.
            Thread thread = new Thread(null, step, prefix + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            return thread;
        };
    }
}
