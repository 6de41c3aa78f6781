package io.levee.examples.incident.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.examples.incident.client.SiteCache;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SiteTest {
    private final Traffic traffic = new Traffic();
    private final Map<String, Long> errors = new HashMap<>();
    private long served;

    @Test
    void visitors_comingFasterThanTheThreads_waitUntilTheQueueIsFullAndAreTurnedAwayThen() {
        CountDownLatch door = new CountDownLatch(1);
        try (Site site = new Site(cache(door::await), traffic, 1, 2, Duration.ofMinutes(1))) {
            site.arrive(request(Duration.ZERO));
            // The first is taken by the thread; only then is the queue empty for two more.
            for (int more = 0; more < 5; more++) {
                site.arrive(request(Duration.ZERO));
            }
            assertThat(traffic.inFlight()).isBetween(2, 3);

            door.countDown();
            await().untilAsserted(() -> assertThat(traffic.inFlight()).isZero());
        }
        take();
        assertThat(served).isBetween(2L, 3L);
        assertThat(errors).containsOnlyKeys("503: queue full");
        assertThat(served + errors.get("503: queue full")).isEqualTo(6);
    }

    @Test
    void visitor_whoHasWaitedTooLong_getsNoPageAndCountsAsAnError() {
        Step neverReached = () -> {
            throw new AssertionError("the page was begun");
        };
        try (Site site = new Site(cache(neverReached), traffic, 1, 2, Duration.ofSeconds(15))) {
            site.arrive(request(Duration.ofSeconds(20)));
            await().untilAsserted(() -> assertThat(traffic.inFlight()).isZero());
        }
        take();
        assertThat(errors).containsExactly(Map.entry("504: no answer within 15 s", 1L));
        assertThat(served).isZero();
    }

    @Test
    void page_thatCannotBeMade_countsAsItsError() {
        Step failing = () -> {
            throw new IllegalStateException("no database");
        };
        try (Site site = new Site(cache(failing), traffic, 2, 2, Duration.ofSeconds(15))) {
            site.arrive(request(Duration.ZERO));
            await().untilAsserted(() -> assertThat(traffic.inFlight()).isZero());
        }
        take();
        assertThat(errors).containsExactly(Map.entry("500: IllegalStateException", 1L));
    }

    @Test
    void visitor_whoWaitedBeforeBeingTaken_hasThatWaitInTheLatency() {
        try (Site site = new Site(cache(() -> {}), traffic, 1, 2, Duration.ofSeconds(15))) {
            site.arrive(request(Duration.ofSeconds(3)));
            await().untilAsserted(() -> assertThat(traffic.inFlight()).isZero());
        }
        assertThat(traffic.take().latencyMicros().getMaxValue()).isGreaterThanOrEqualTo(2_990_000);
    }

    private void take() {
        Traffic.Window window = traffic.take();
        served = window.served();
        errors.putAll(window.errors());
    }

    private static Request request(Duration ago) {
        return new Request(Page.project(1), System.nanoTime() - ago.toNanos());
    }

    private interface Step {
        void run() throws Exception;
    }

    private static SiteCache cache(Step onGet) {
        return new SiteCache() {
            @Override
            public String get(Page page) throws Exception {
                onGet.run();
                return "page";
            }

            @Override
            public void close() {}
        };
    }
}
