package io.levee.examples.incident.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.database.QueryGauge.Reading;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueryGaugeTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final QueryGauge gauge = new QueryGauge(clock::get);

    @Test
    void overlappingQueries_read_addTheirTimesUp() {
        gauge.begun(true);
        clock.addAndGet(10);
        gauge.begun(false);
        clock.addAndGet(5);
        gauge.ended();
        clock.addAndGet(1);

        assertThat(gauge.read()).isEqualTo(new Reading(2, 1, 10 + 2 * 5 + 1));
    }

    @Test
    void queryStillRunning_readTwice_countsItsTimeOnce() {
        gauge.begun(false);
        clock.addAndGet(10);
        gauge.read();
        clock.addAndGet(10);

        assertThat(gauge.read().runningNanos()).isEqualTo(20);
    }
}
