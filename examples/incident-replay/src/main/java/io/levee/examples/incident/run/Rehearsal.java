package io.levee.examples.incident.run;

import io.levee.examples.incident.client.ClientKind;
import io.levee.examples.incident.client.SiteCache;
import io.levee.examples.incident.database.QueryGauge;
import io.levee.examples.incident.script.Phase;
import io.levee.examples.incident.script.Step;
import io.levee.examples.incident.site.LoadDriver;
import io.levee.examples.incident.site.Site;
import io.levee.examples.incident.site.SitePages;
import io.levee.examples.incident.site.Traffic;
import io.levee.examples.incident.site.Visits;
import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.ReplayProgress;
import io.levee.examples.incident.timeline.Sample;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The script, played once with one client, on fresh nodes. One thread performs the script and takes the measure. */
public final class Rehearsal {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Stage stage;
    private final ClientKind client;
    private final ReplayProgress progress;
    private final StopSignal stop;
    private final double doneBefore;
    private final double shareOfReplay;

    private final Traffic traffic = new Traffic();
    private final List<Sample> samples = new ArrayList<>();
    private final List<PhaseSummary> phases = new ArrayList<>();
    private final long begunAt = System.nanoTime();
    private final EventLog events = new EventLog(begunAt);
    private QueryGauge.Reading lastReading;
    private long lastSampleAt;

    /**
     * A run of {@code client} on {@code stage}.
     *
     * @param doneBefore the share of the replay that is done already
     * @param shareOfReplay the share of the replay that this run is
     */
    public Rehearsal(
            Stage stage,
            ClientKind client,
            ReplayProgress progress,
            StopSignal stop,
            double doneBefore,
            double shareOfReplay) {
        this.stage = stage;
        this.client = client;
        this.progress = progress;
        this.stop = stop;
        this.doneBefore = doneBefore;
        this.shareOfReplay = shareOfReplay;
    }

    /** Plays it to the end, or until the stop signal: what was measured until then is returned. */
    public ClientRun play() throws IOException, InterruptedException {
        Stage.SiteSettings settings = stage.site();
        SitePages pages = new SitePages(stage.database(), settings.weeks(), settings.refreshPeriod());
        try (NodeFleet nodes = new NodeFleet(stage.memcached(), stage.scenario(), stage.firstPort(), events);
                SiteCache cache = client.connect(
                        nodes.addresses(),
                        pages,
                        (address, text) ->
                                events.add(address == null ? null : nodes.nameOf(address), text, Event.Kind.OBSERVED));
                Site site = new Site(cache, traffic, settings.threads(), settings.queue(), settings.patience());
                LoadDriver driver = new LoadDriver(site, visits(settings), settings.visitsPerSecond())) {
            driver.start();
            lastSampleAt = System.nanoTime();
            lastReading = stage.database().gauge().read();
            long phaseBegins = lastSampleAt;
            for (Phase phase : stage.scenario().phases()) {
                if (!stop.isGiven()) {
                    play(phase, phaseBegins, nodes);
                }
                phaseBegins += phase.seconds() * SECOND;
            }
        }
        return new ClientRun(client.name(), samples, events.all(), phases);
    }

    private static Visits visits(Stage.SiteSettings settings) {
        return new Visits(settings.projects(), settings.weeks(), settings.statsShare(), new Random(settings.seed()));
    }

    private void play(Phase phase, long begins, NodeFleet nodes) throws InterruptedException {
        PhaseTally tally = new PhaseTally(phase, lastReading, stage.site());
        Deque<Step> steps = new ArrayDeque<>(phase.steps());
        progress.phase(client.name(), phase.name(), 0, phase.seconds());
        for (int second = 1; second <= phase.seconds(); second++) {
            long tick = begins + second * SECOND;
            while (!steps.isEmpty() && steps.peek().atSeconds() < second) {
                Step step = steps.remove();
                if (!stop.waitUntil(begins + (long) (step.atSeconds() * SECOND))) {
                    break;
                }
                if (!perform(step, nodes)) {
                    break;
                }
            }
            if (!stop.waitUntil(tick)) {
                break;
            }
            measure(phase, tally, nodes);
            progress.phase(client.name(), phase.name(), second, phase.seconds());
            progress.sample(client.name(), samples.get(samples.size() - 1), doneShare());
            tellEvents();
        }
        if (phase.counted() && !tally.isEmpty()) {
            phases.add(tally.summary(lastReading));
        }
    }

    /** Returns false if the nodes are gone because the JVM is ending. */
    private boolean perform(Step step, NodeFleet nodes) throws InterruptedException {
        try {
            nodes.perform(step);
            tellEvents();
            return true;
        } catch (RuntimeException e) {
            // On Ctrl-C the nodes may end a moment before the signal gets here.
            if (stop.waitUntil(System.nanoTime() + SECOND)) {
                throw e;
            }
            return false;
        }
    }

    private void measure(Phase phase, PhaseTally tally, NodeFleet nodes) {
        long now = System.nanoTime();
        double seconds = (double) (now - lastSampleAt) / SECOND;
        Traffic.Window window = traffic.take();
        QueryGauge.Reading reading = stage.database().gauge().read();
        double running = (reading.runningNanos() - lastReading.runningNanos()) / (seconds * SECOND);
        samples.add(new Sample(
                (double) (now - begunAt) / SECOND,
                phase.name(),
                window.served() / seconds,
                window.errorCount() / seconds,
                window.latencyMicros().getValueAtPercentile(50) / 1000.0,
                window.latencyMicros().getValueAtPercentile(99) / 1000.0,
                window.offered() / seconds,
                (int) Math.round(running),
                (reading.queries() - lastReading.queries()) / seconds,
                (reading.statsQueries() - lastReading.statsQueries()) / seconds,
                traffic.inFlight(),
                nodes.statuses()));
        tally.add(window, seconds, nodes.statuses());
        lastReading = reading;
        lastSampleAt = now;
    }

    private double doneShare() {
        return doneBefore + shareOfReplay * samples.size() / stage.scenario().seconds();
    }

    private void tellEvents() {
        events.takeNew().forEach(event -> progress.event(client.name(), event));
    }
}
