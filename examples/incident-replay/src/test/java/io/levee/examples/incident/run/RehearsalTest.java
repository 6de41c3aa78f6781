package io.levee.examples.incident.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.client.ClientKind;
import io.levee.examples.incident.database.PledgeDatabase;
import io.levee.examples.incident.run.Stage.SiteSettings;
import io.levee.examples.incident.script.Scenario;
import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.ReplayProgress;
import io.levee.examples.incident.timeline.Sample;
import io.levee.examples.memcached.MemcachedBinary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Short replays on real nodes. What is asserted are counts; times are the machine's affair. */
class RehearsalTest {
    private static PledgeDatabase database;
    private final StopSignal stop = new StopSignal();
    private final Told told = new Told();

    @BeforeAll
    static void openDatabase() throws Exception {
        database = PledgeDatabase.embedded(8, 100, 2_000);
        database.calibrate(Duration.ofMillis(10));
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @Test
    void crash_withSpymemcached_isSpareOfQueriesWhileHealthyAndTellsOfEachNode() throws Exception {
        ClientRun run = play("spymemcached@200", Scenario.named("crash", 2, 2, 2));

        assertThat(run.phases())
                .extracting(PhaseSummary::phase)
                .containsExactly("healthy", "1 dead", "2 dead", "restarted", "recovered");
        assertThat(run.phases()).extracting(PhaseSummary::nodesUp).containsExactly(2, 1, 0, 2, 2);
        PhaseSummary healthy = run.phases().get(0);
        assertThat(healthy.errors()).isZero();
        assertThat(healthy.databaseQueries()).isLessThan((long) (healthy.servedPerSecond() * healthy.seconds()));
        // With both nodes dead nothing is cached: a query for each page served.
        PhaseSummary dead = run.phases().get(2);
        assertThat(dead.databaseQueries()).isGreaterThan(served(dead) / 2);
        assertThat(run.events())
                .extracting(event -> event.node() + " " + event.text())
                .containsExactly("node 1 killed", "node 2 killed", "node 1 started, empty", "node 2 started, empty");
        assertThat(run.samples()).hasSize(12);
        assertThat(run.samples().get(0).phase()).isEqualTo("warm-up");
        assertThat(run.samples().get(6).nodes()).containsExactly(NodeStatus.KILLED, NodeStatus.KILLED);
        assertThat(told.samples).isEqualTo(run.samples());
        assertThat(told.events).isEqualTo(run.events());
        assertThat(told.doneShare).isEqualTo(1);
    }

    @Test
    void crash_withLevee_losesNoRequestAndAsksTheDatabaseNoMoreThanWhileHealthy() throws Exception {
        ClientRun run = play("levee", Scenario.named("crash", 2, 4, 3));

        assertThat(run.phases()).extracting(PhaseSummary::errors).containsOnly(0L);
        PhaseSummary healthy = run.phases().get(0);
        PhaseSummary dead = run.phases().get(2);
        assertThat(dead.nodesUp()).isZero();
        // Each page is loaded once per freshness period either way; what is left is the luck of what falls into a
        // phase.
        assertThat(dead.databaseQueries()).isLessThan(healthy.databaseQueries() + served(dead) / 4);
        // The stats pages stay served, and are made anew no more often than the period has it.
        assertThat(dead.statsQueries()).isBetween(1L, dead.statsQueriesAllowed());
        assertThat(run.events())
                .filteredOn(event -> event.kind() == Event.Kind.OBSERVED)
                .extracting(Event::node)
                .contains("node 1", "node 2");
    }

    @Test
    void healthy_withoutACache_asksTheDatabaseForEveryPage() throws Exception {
        ClientRun run = play("none", Scenario.named("restart", 1, 0, 2));

        for (PhaseSummary phase : run.phases()) {
            assertThat(phase.errors()).isZero();
            // A page whose query fell into the phase may have been served in the next one.
            assertThat(phase.databaseQueries()).isBetween(served(phase) - 30, served(phase) + 30);
            assertThat(served(phase)).isPositive();
        }
    }

    @Test
    void connectionLimit_played_locksTheClientOut() throws Exception {
        ClientRun run = play("spymemcached@200", Scenario.named("connection-limit", 1, 1, 2));

        assertThat(run.events())
                .extracting(Event::text)
                .containsExactly("a crowd takes every connection", "restarted, empty", "the crowd has gone");
        PhaseSummary healthy = run.phases().get(0);
        PhaseSummary lockedOut = run.phases().get(2);
        assertThat(lockedOut.phase()).isEqualTo("1 locked out");
        assertThat(queriesPerPage(lockedOut)).isGreaterThan(queriesPerPage(healthy));
    }

    @Test
    void stopSignal_givenDuringAPhase_endsTheRunWithWhatWasMeasured() throws Exception {
        told.stopAfterSamples = 2;

        ClientRun run = play("none", Scenario.named("crash", 1, 1, 30));

        assertThat(run.samples()).hasSize(2);
        assertThat(run.phases()).extracting(PhaseSummary::phase).containsExactly("healthy");
        assertThat(run.phases().get(0).seconds()).isLessThan(10);
    }

    private ClientRun play(String client, Scenario scenario) throws Exception {
        SiteSettings site =
                new SiteSettings(16, 64, Duration.ofSeconds(5), 100, 0.2, 100, 5, Duration.ofSeconds(1), 42);
        Stage stage = new Stage(scenario, database, MemcachedBinary.find(), 0, site);
        return new Rehearsal(stage, ClientKind.of(client), told, stop, 0, 1).play();
    }

    private static long served(PhaseSummary phase) {
        return Math.round(phase.servedPerSecond() * phase.seconds());
    }

    private static double queriesPerPage(PhaseSummary phase) {
        return phase.databaseQueries() / (double) Math.max(1, served(phase));
    }

    /** Keeps what it is told, and can press Ctrl-C. */
    private final class Told implements ReplayProgress {
        private final List<Sample> samples = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private double doneShare;
        private int stopAfterSamples = Integer.MAX_VALUE;

        @Override
        public void started(String scenario, List<String> clients, double totalSeconds) {}

        @Override
        public void message(String line) {}

        @Override
        public void phase(String client, String phase, double secondsInPhase, double secondsOfPhase) {}

        @Override
        public void sample(String client, Sample sample, double done) {
            samples.add(sample);
            doneShare = done;
            if (samples.size() == stopAfterSamples) {
                stop.give();
            }
        }

        @Override
        public void event(String client, Event event) {
            events.add(event);
        }

        @Override
        public void close() {}
    }
}
