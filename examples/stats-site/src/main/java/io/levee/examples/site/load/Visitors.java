package io.levee.examples.site.load;

import io.levee.examples.site.SiteProperties;
import jakarta.annotation.PreDestroy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The built-in load: visitors who come at a steady rate, whether or not those before them have been answered, over HTTP as any other. At
 * most {@link #MOST_AT_ONCE} are on the site at a time, fewer than it has request threads, so that {@code /ops} can still be reached; who
 * would be one too many is turned away. Who is not answered within {@link #PATIENCE} leaves.
 */
@Component
public class Visitors {
    /** How many are on the site at a time. */
    public static final int MOST_AT_ONCE = 120;

    static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final long TICK_MILLIS = 10;

    /** For so long after the start fewer come, and more and more: a JVM that has just begun is slow. */
    private static final double OPENING_NANOS = 15e9;

    private final SiteProperties properties;
    private final Environment environment;
    private final Visits visits;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final LongAdder turnedAway = new LongAdder();
    private final LongAdder gone = new LongAdder();
    private final HttpClient browser =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "visitors");
        thread.setDaemon(true);
        return thread;
    });
    private volatile int perSecond;
    private String site;

    /** Touched by the clock alone. */
    private double due;

    private long lastTickNanos;

    private long openedNanos;

    Visitors(SiteProperties properties, Environment environment) {
        this.properties = properties;
        this.environment = environment;
        this.visits = new Visits(properties.projects());
        this.perSecond = properties.visitors();
    }

    /** Begins once the site answers. */
    @EventListener(ApplicationReadyEvent.class)
    void come() {
        site = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port");
        openedNanos = System.nanoTime();
        lastTickNanos = openedNanos;
        Future<?> unused = clock.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void go() {
        clock.shutdownNow();
    }

    private void tick() {
        long nowNanos = System.nanoTime();
        // After a pause of the whole process those who would have come meanwhile stay away.
        double coming = perSecond * Math.min(1, (nowNanos - openedNanos) / OPENING_NANOS);
        due += coming * Math.min(0.1, (nowNanos - lastTickNanos) / 1e9);
        lastTickNanos = nowNanos;
        for (; due >= 1; due--) {
            if (room.tryAcquire()) {
                visit(visits.next(ThreadLocalRandom.current()));
            } else {
                turnedAway.increment();
            }
        }
    }

    private void visit(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site + path))
                .timeout(PATIENCE)
                .build();
        Future<?> unused = browser.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, error) -> {
            room.release();
            if (error != null) {
                gone.increment();
            }
        });
    }

    /** How many come in a second. */
    public int perSecond() {
        return perSecond;
    }

    /** What {@link #perSecond} may be. */
    public int most() {
        return properties.mostVisitors();
    }

    /**
     * Lets so many come in a second.
     *
     * @throws IllegalArgumentException if it is less than 0 or more than {@link #most}
     */
    public void perSecond(int visitorsPerSecond) {
        if (visitorsPerSecond < 0 || visitorsPerSecond > most()) {
            throw new IllegalArgumentException(
                    "visitors must be 0 to " + most() + " a second, but are " + visitorsPerSecond);
        }
        perSecond = visitorsPerSecond;
    }

    /** How many are on the site now. */
    public int onTheSite() {
        return MOST_AT_ONCE - room.availablePermits();
    }

    /** How many did not get in, or left without an answer. */
    public long lost() {
        return turnedAway.sum() + gone.sum();
    }
}
