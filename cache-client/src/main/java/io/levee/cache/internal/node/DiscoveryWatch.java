package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a {@link NodeDiscovery} which nodes there are, and tells the tier.
 *
 * <p>Its daemon thread {@code levee-<client>-discovery} asks until there is a first answer, and after that on the discovery's
 * own interval; without an interval the thread ends with the first answer. A discovery that fails, or answers nothing, leaves
 * the nodes as they are and is logged once, and once more when it answers again.
 */
public final class DiscoveryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.levee.cache.client.CacheClient");

    /** How soon to ask again while there never was an answer: without nodes the client is of no use. */
    private static final Duration FIRST_ANSWER_RETRY = Duration.ofSeconds(1);

    /** A discovery that says "every nanosecond" would otherwise keep a core busy. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

    /** What is done with an answer. */
    @FunctionalInterface
    public interface Membership {
        /** Takes an answer; returns whether anything changed. */
        boolean nodes(Collection<NodeAddress> addresses) throws InterruptedException;
    }

    private final NodeDiscovery discovery;
    private final Duration interval;
    private final Membership membership;
    private final String client;
    private final Thread thread;
    private final CountDownLatch firstAnswer = new CountDownLatch(1);
    private boolean failing;

    public DiscoveryWatch(String client, NodeDiscovery discovery, Membership membership) {
        this.client = client;
        this.discovery = discovery;
        this.interval = atLeastShortest(discovery.refreshInterval());
        this.membership = membership;
        this.thread = new Thread(this::run, "levee-" + client + "-discovery");
        thread.setDaemon(true);
    }

    /** Begins to ask, and waits for the first answer or failure, but not longer than the limit. */
    public void start(Duration limit) throws InterruptedException {
        thread.start();
        firstAnswer.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Duration atLeastShortest(Duration interval) {
        return interval.isZero() || interval.compareTo(SHORTEST_INTERVAL) >= 0 ? interval : SHORTEST_INTERVAL;
    }

    private void run() {
        boolean answered = false;
        try {
            while (true) {
                answered |= ask();
                firstAnswer.countDown();
                if (answered && interval.isZero()) {
                    return;
                }
                Duration pause = answered ? interval : FIRST_ANSWER_RETRY;
                TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(pause));
            }
        } catch (InterruptedException e) {
            // close() ends the thread.
        } finally {
            firstAnswer.countDown();
        }
    }

    private boolean ask() throws InterruptedException {
        try {
            Collection<NodeAddress> nodes = discovery.nodes();
            if (nodes.isEmpty()) {
                failed("it answered that there are none");
                return false;
            }
            boolean changed = membership.nodes(nodes);
            recovered();
            if (changed) {
                LOG.info("cache client {}: the memcached nodes are now {}", client, nodes);
            }
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            failed(e.toString());
            return false;
        }
    }

    private void failed(String why) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "cache client {}: the discovery of memcached nodes fails, the nodes stay as they are: {}",
                    client,
                    why);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("cache client {}: the discovery of memcached nodes answers again", client);
        }
    }

    /** Ends the thread. Waits for it only for a moment: a discovery may be deaf to interrupts. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(1).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
