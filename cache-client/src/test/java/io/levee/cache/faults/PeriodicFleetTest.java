package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.faults.FleetDatabase.Load;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three JVMs that keep the same keys warm on two nodes, and are killed and stopped, as the nodes are. The database counts. */
class PeriodicFleetTest {
    private static final int PROCESSES = 3;
    private static final Duration IN_THE_END = Duration.ofSeconds(60);

    private final List<Site> sites = new ArrayList<>();
    private Cluster cluster;
    private FleetDatabase database;
    private CacheClient observer;
    private ReadThroughCache<Integer, String> pages;

    /** A JVM, as its parent sees it. */
    private static final class Site {
        private final Process process;
        private final BufferedReader out;

        Site(Process process) {
            this.process = process;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The answer's source and value. */
        String lookup(int key) {
            try {
                process.getOutputStream().write((key + "\n").getBytes(StandardCharsets.US_ASCII));
                process.getOutputStream().flush();
                String line = out.readLine();
                while (line != null && !line.startsWith(PeriodicSite.ANSWER)) {
                    line = out.readLine();
                }
                assertThat(line).as("the process lives").isNotNull();
                return line.substring(PeriodicSite.ANSWER.length());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void signal(String name) {
            try {
                new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.of(2);
        database = new FleetDatabase();
        observer = cluster.patientClient().build();
        pages = observer.cache(PeriodicSite.NAME, Integer.class, String.class)
                .expireAfterWrite(PeriodicSite.FRESH)
                .build();
        for (int i = 0; i < PROCESSES; i++) {
            List<String> arguments = new ArrayList<>(List.of(Integer.toString(i), Integer.toString(database.port())));
            arguments.addAll(List.of(cluster.addresses()));
            List<String> options = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            sites.add(new Site(ChildJvm.command(PeriodicSite.class, options, arguments)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(false)
                    .start()));
        }
    }

    @AfterEach
    void stop() throws IOException {
        sites.forEach(site -> site.process.destroyForcibly());
        observer.close();
        database.close();
        cluster.close();
    }

    private static void eventually(BooleanSupplier condition) {
        await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(5)).until(condition::getAsBoolean);
    }

    private int loadsOf(int key) {
        return database.loadsOf(key).size();
    }

    private void awaitLoads(int more) {
        for (int key : PeriodicSite.KEYS) {
            int wanted = loadsOf(key) + more;
            eventually(() -> loadsOf(key) >= wanted);
        }
    }

    /** No more than one in each round, of those that began and ended in this time, and the two at its ends. */
    private static int rounds(long nanos) {
        return (int) (nanos / PeriodicSite.PERIOD.toNanos()) + 2;
    }

    private void awaitAllAtWork() {
        for (Site site : sites) {
            for (int key : PeriodicSite.KEYS) {
                assertThat(site.lookup(key)).startsWith("MEMCACHED ");
            }
        }
    }

    private static int version(String value) {
        return Integer.parseInt(value.substring(value.lastIndexOf(' ') + 1));
    }

    @Test
    void wholeFleet_loadsEachKeyOnceInEachRound() {
        awaitLoads(1);
        awaitAllAtWork();
        long startNanos = System.nanoTime();
        List<Integer> before = PeriodicSite.KEYS.stream().map(this::loadsOf).toList();

        awaitLoads(8);

        long nanos = System.nanoTime() - startNanos;
        for (int key : PeriodicSite.KEYS) {
            assertThat(loadsOf(key) - before.get(key - 1)).isLessThanOrEqualTo(rounds(nanos));
        }
    }

    @Test
    void processKilledInItsLoad_othersTakeItsKeysOver() {
        awaitLoads(1);
        awaitAllAtWork();
        AtomicReference<Load> last = new AtomicReference<>();
        database.amidst(load -> {
            if (last.compareAndSet(null, load)) {
                sites.get(load.process()).process.destroyForcibly();
            }
        });

        eventually(() -> last.get() != null);
        long startNanos = System.nanoTime();
        List<Integer> before = PeriodicSite.KEYS.stream().map(this::loadsOf).toList();
        awaitLoads(6);

        long nanos = System.nanoTime() - startNanos;
        for (int key : PeriodicSite.KEYS) {
            // As far as it is now: rounds go on.
            List<Load> loads = database.loadsOf(key);
            assertThat(loads.size() - before.get(key - 1)).isLessThanOrEqualTo(rounds(nanos) + 1);
            assertThat(loads.subList(before.get(key - 1), loads.size()))
                    .extracting(Load::process)
                    .doesNotContain(last.get().process());
        }
    }

    @Test
    void processStoppedInItsLoad_goesOnLater_valuesNeverGoBack() {
        awaitLoads(1);
        awaitAllAtWork();
        AtomicReference<Load> stopped = new AtomicReference<>();
        database.amidst(load -> {
            if (stopped.compareAndSet(null, load)) {
                sites.get(load.process()).signal("STOP");
            }
        });
        eventually(() -> stopped.get() != null);
        int key = stopped.get().key();
        int later = stopped.get().ordinal() + 3;
        eventually(() -> version(pages.peek(key).orElse("0")) >= later);

        sites.get(stopped.get().process()).signal("CONT");

        int newest = 0;
        for (int end = loadsOf(key) + 4; loadsOf(key) < end; ) {
            int version = version(pages.peek(key).orElse("value 0"));
            if (version > 0) {
                assertThat(version).isGreaterThanOrEqualTo(newest);
                newest = version;
            }
        }
        assertThat(newest).isGreaterThanOrEqualTo(later);
    }

    @Test
    void allNodesDead_eachProcessKeepsItsFallbackFreshAtAPaceThatTheDatabaseCanBear() {
        awaitLoads(2);
        awaitAllAtWork();
        cluster.killAll();
        eventually(() -> sites.stream()
                .allMatch(site -> site.lookup(1).startsWith(Source.FALLBACK.name())
                        && site.lookup(2).startsWith(Source.FALLBACK.name())
                        && site.lookup(3).startsWith(Source.FALLBACK.name())));
        long startNanos = System.nanoTime();
        List<Integer> before = PeriodicSite.KEYS.stream().map(this::loadsOf).toList();

        // For two lives of a value nobody is answered with anything but what the process holds: no reader loads. On a
        // busy
        // machine a round may come late, and the value be stale by then.
        long endNanos = startNanos + PeriodicSite.FRESH.multipliedBy(2).toNanos();
        while (System.nanoTime() - endNanos < 0) {
            for (Site site : sites) {
                for (int key : PeriodicSite.KEYS) {
                    assertThat(site.lookup(key)).matches("(FALLBACK|STALE) value of " + key + ", load .*");
                }
            }
        }

        // As the javadoc of periodicWriteThrough has it: a process loads a key when its value is about to cease to be
        // fresh.
        long paceNanos = PeriodicSite.FRESH.multipliedBy(9).dividedBy(10).toNanos()
                - PeriodicSite.PERIOD.multipliedBy(11).dividedBy(10).toNanos();
        int bound = PROCESSES * (int) ((System.nanoTime() - startNanos) / paceNanos + 1);
        for (int key : PeriodicSite.KEYS) {
            assertThat(loadsOf(key) - before.get(key - 1))
                    .as("loads of key %s by all processes", key)
                    .isBetween(PROCESSES, bound);
            assertThat(IntStream.range(0, PROCESSES))
                    .allMatch(process -> database.loadsOf(key).stream()
                            .skip(before.get(key - 1))
                            .anyMatch(load -> load.process() == process));
        }

        cluster.nodes().forEach(node -> node.start());
        eventually(() -> PeriodicSite.KEYS.stream()
                .allMatch(key -> cluster.nodes().stream()
                        .anyMatch(node -> new MemcachedLine(node).hasValue(PeriodicSite.NAME + ":" + key))));
    }
}
