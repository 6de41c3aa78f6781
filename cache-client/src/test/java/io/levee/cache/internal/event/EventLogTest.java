package io.levee.cache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.HeldTime;
import io.levee.cache.monitor.Advisory;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLogTest {
    private static final NodeAddress NODE = new NodeAddress("10.0.0.2", 11211, 1);
    private static final Duration TOOK = Duration.ofMillis(350);
    private final Exception cause = new IllegalStateException("connection pool exhausted");

    private final HeldTime time = new HeldTime();
    private final Log log = new Log();
    private final EventLog events = new EventLog("shop", time, node -> 0.334, false);

    @AfterEach
    void closesLog() {
        log.close();
    }

    @Test
    void nodeDown_saysWhyAndWhatBecomesOfItsKeys() {
        events.nodeDown(NODE, "connection refused");

        assertThat(log.lines())
                .containsExactly(
                        "WARN cache client shop: memcached node 10.0.0.2:11211 is DOWN: connection refused. Its 33 % of"
                                + " the keys are served from the local fallback and by bounded loads until it is back");
    }

    @Test
    void nodeUp_saysHowLongItWasDown() {
        events.nodeUp(NODE, Duration.ZERO);
        events.nodeUp(NODE, Duration.ofMillis(12_340));
        events.nodeUp(NODE, Duration.ofMinutes(40));

        assertThat(log.lines())
                .containsExactly(
                        "INFO cache client shop: memcached node 10.0.0.2:11211 is UP: it holds 33 % of the keys",
                        "INFO cache client shop: memcached node 10.0.0.2:11211 is UP again after 12.3 s down: it serves its 33 % of the keys again",
                        "INFO cache client shop: memcached node 10.0.0.2:11211 is UP again after 40 min down: it serves its 33 % of the keys again");
    }

    @Test
    void failedAttempts_areNoLines() {
        events.reconnectFailed(NODE, "connection refused", 3, Duration.ofSeconds(1));

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void advisory_isALineWhenRaisedAndWhenCleared() {
        Advisory advisory = new Advisory(
                Advisory.Code.CONNECTION_LIMIT, NODE, "1000 of 1024 connections are open (97 %)", Instant.EPOCH);

        events.advisoryRaised(advisory);
        events.advisoryCleared(advisory);

        assertThat(log.lines())
                .containsExactly(
                        "WARN cache client shop: CONNECTION_LIMIT 10.0.0.2:11211: 1000 of 1024 connections are open (97 %)",
                        "INFO cache client shop: no longer: CONNECTION_LIMIT 10.0.0.2:11211: 1000 of 1024 connections are open (97 %)");
    }

    @Test
    void loadsFailAndRecover_areTwoLinesHoweverManyFailed() {
        events.loaded("stats", "1", TOOK);
        for (int i = 0; i < 500; i++) {
            time.advance(Duration.ofMillis(20));
            events.loadFailed("stats", "42", cause, TOOK);
        }
        time.advance(Duration.ofMillis(20));
        events.loaded("stats", "1", TOOK);
        events.loaded("stats", "1", TOOK);

        assertThat(log.lines())
                .containsExactly(
                        "WARN cache client shop: loads of cache stats fail, the first for key 42, whose load took 0.4 s: "
                                + "java.lang.IllegalStateException: connection pool exhausted. Stale values are served where there"
                                + " are any; further failures are counted, not logged",
                        "INFO cache client shop: loads of cache stats succeed again: 500 failed in 10.0 s");
    }

    @Test
    void loadsFailNowAndThen_areAtMostTwoLinesAMinuteAndNoFailureIsLost() {
        for (int i = 0; i < 1_200; i++) {
            events.loadFailed("stats", "42", cause, TOOK);
            events.loaded("stats", "1", TOOK);
            time.advance(Duration.ofMillis(100));
        }
        assertThat(log.lines()).hasSize(4);
        time.advance(Duration.ofMinutes(1));
        events.loadFailed("stats", "42", cause, TOOK);
        events.loaded("stats", "1", TOOK);

        assertThat(log.lines().get(1)).contains(": 1 failed");
        assertThat(log.lines().get(3)).contains(": 600 failed");
        assertThat(log.lines().get(5)).contains(": 600 failed");
    }

    @Test
    void loadsOfTwoCachesFail_areToldApart() {
        events.loadFailed("stats", "42", cause, TOOK);
        events.loadFailed("users", "7", cause, TOOK);

        assertThat(log.lines()).hasSize(2);
    }

    static Stream<Named<Consumer<EventLog>>> perCallEvents() {
        return Stream.of(
                Named.of("loadRejected", events -> events.loadRejected("stats", "42", 16)),
                Named.of("undecodable", events -> events.undecodable("stats", "42", "no header")),
                Named.of("valueTooLarge", events -> events.valueTooLarge("stats", "42", 2_000_000, 1_048_576)),
                Named.of("writeFailed", events -> events.writeFailed("stats", "42", "timeout")));
    }

    @ParameterizedTest
    @MethodSource("perCallEvents")
    void eventPerCall_isOneLineAMinuteWithTheCountOfTheOthers(Consumer<EventLog> event) {
        for (int i = 0; i < 600; i++) {
            event.accept(events);
            time.advance(Duration.ofMillis(100));
        }
        assertThat(log.lines()).singleElement().asString().startsWith("WARN cache client shop: cache stats: ");
        assertThat(log.lines().get(0)).contains("42").doesNotContain("more since");

        event.accept(events);

        assertThat(log.lines()).hasSize(2).last().asString().endsWith("(and 599 more since the last line)");
    }

    @Test
    void kindsAndCaches_areLimitedApart() {
        perCallEvents().forEach(event -> event.getPayload().accept(events));
        events.writeFailed("users", "7", "timeout");

        assertThat(log.lines()).hasSize(5);
    }
}
