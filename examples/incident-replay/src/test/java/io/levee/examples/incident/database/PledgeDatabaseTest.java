package io.levee.examples.incident.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.database.PledgeDatabase.PledgeStats;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PledgeDatabaseTest {
    @Test
    void embeddedDatabase_calibrated_readsAsManyPledgesAsItFound() throws Exception {
        try (PledgeDatabase database = PledgeDatabase.embedded(2, 10, 2_000)) {
            Calibration calibration = database.calibrate(Duration.ofMillis(30));

            PledgeStats stats = database.pledgeStats();
            assertThat(stats.pledges()).isEqualTo(calibration.pledges());
            assertThat(stats.backers()).isBetween(1L, stats.pledges());
            assertThat(stats.cents()).isGreaterThan(stats.largestCents());
            assertThat(database.project(3).title()).isEqualTo("Project 4");
            assertThat(database.project(13)).isEqualTo(database.project(3));
            assertThat(database.gauge().read().queries()).isEqualTo(4);
            assertThat(database.gauge().read().statsQueries()).isEqualTo(1);
            assertThat(database.product()).contains("H2", "2 slots", "2,000 pledges");
        }
    }

    @Test
    void readingThread_interrupted_leavesTheDatabaseUsableForOthers() throws Exception {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (PledgeDatabase database = PledgeDatabase.embedded(2, 10, 2_000)) {
            Future<?> reading = reader.submit(() -> {
                Thread.currentThread().interrupt();
                return database.pledgeStats();
            });
            reader.shutdown();
            assertThat(reading)
                    .satisfiesAnyOf(Future::get, done -> assertThat(done).failsWithin(Duration.ofSeconds(30)));

            assertThat(database.pledgeStats().pledges()).isPositive();
        }
    }
}
