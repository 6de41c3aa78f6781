package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.client.CacheClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes of one key through several processes, beside each other and beside loads, invalidations and clearings: no older value than the
 * database's is left anywhere.
 */
class WriteRacesTest {
    private static final int ROUNDS = 150;
    private static final int WRITERS = 3;

    private static Fleet fleet;
    private static CacheClient third;

    private final String name = Fleet.name();
    private final WrittenDatabase database = new WrittenDatabase();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
        third = Fleet.client(fleet.node).build();
    }

    @AfterAll
    static void stop() {
        third.close();
        fleet.close();
    }

    private ReadThroughCache<String, String> cache(CacheClient client, CacheWriter<String, String> writer) {
        return Fleet.strings(client, name)
                .loader(database)
                .writer(writer)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
    }

    private ReadThroughCache<String, String> cache(CacheClient client) {
        return cache(client, database);
    }

    private boolean nodeHasValue() {
        return fleet.line.hasValue(name + ":k");
    }

    private static Caller<Void> putting(ReadThroughCache<String, String> cache, String value) {
        return Caller.start(() -> {
            cache.put("k", value);
            return null;
        });
    }

    private static void pause(long mostNanos) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(mostNanos));
    }

    /** Commits, and takes its time to come back, so that the order in which memcached is told is another. */
    private final class SlowToReturn implements CacheWriter<String, String> {
        @Override
        public void write(String key, String value) throws Exception {
            database.write(key, value);
            pause(2_000_000);
        }

        @Override
        public void delete(String key) throws Exception {
            database.delete(key);
            pause(2_000_000);
        }
    }

    @ParameterizedTest(name = "with removals {0}")
    @ValueSource(booleans = {false, true})
    void manyWritesOfOneKeyAtOnceFromTwoProcesses_allEnded_everybodyHasTheDatabasesLast(boolean removals)
            throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here, new SlowToReturn());
        ReadThroughCache<String, String> there = cache(fleet.there, new SlowToReturn());
        ReadThroughCache<String, String> reader = cache(third);
        int stored = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 3 == 0) {
                here.invalidate("k");
            }
            int number = round;
            List<Caller<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                for (ReadThroughCache<String, String> cache : List.of(here, there)) {
                    writers.add(Caller.start(() -> {
                        // Some overlap, some follow each other.
                        pause(4_000_000);
                        if (removals && writer == 0) {
                            cache.remove("k");
                        } else {
                            cache.put("k", "round " + number + " writer " + writer + " of " + cache.hashCode());
                        }
                        return null;
                    }));
                }
            }
            for (Caller<Void> writer : writers) {
                writer.result();
            }

            String last = database.row("k");
            if (nodeHasValue()) {
                stored++;
                assertThat(reader.peek("k").orElse(null)).isEqualTo(last);
            }
            assertThat(here.get("k")).isEqualTo(last);
            assertThat(there.get("k")).isEqualTo(last);
            assertThat(reader.get("k")).isEqualTo(last);
        }
        // Or it would not have been about what is stored.
        assertThat(stored).isPositive();
    }

    @Test
    void committedFirstAndStoredLast_theOtherStored_removesIt() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        ReadThroughCache<String, String> there = cache(fleet.there);
        here.put("k", "before");
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> first = putting(here, "first");
        committed.awaitThere();
        there.put("k", "second");
        assertThat(nodeHasValue()).isTrue();

        committed.goOn();
        first.result();

        assertThat(nodeHasValue()).isFalse();
        assertThat(here.peek("k")).isEmpty();
        assertThat(here.get("k")).isEqualTo("second");
        assertThat(there.get("k")).isEqualTo("second");
    }

    @Test
    void committedFirstAndStoredLast_databaseDown_isNoLastResort() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        here.put("k", "before");
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> first = putting(here, "first");
        committed.awaitThere();
        cache(fleet.there).put("k", "second");
        committed.goOn();
        first.result();

        database.failLoads();

        assertThatThrownBy(() -> here.get("k")).isInstanceOf(LoadException.class);
    }

    @Test
    void twoOfOneProcess_committedFirstAndStoredLast_isServedByNoTier() throws Exception {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .loader(database)
                .writer(database)
                .nearCache(Duration.ofHours(1))
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        here.put("k", "before");
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> first = putting(here, "first");
        committed.awaitThere();
        here.put("k", "second");

        committed.goOn();
        first.result();

        assertThat(here.get("k")).isEqualTo("second");
        assertThat(nodeHasValue() ? "second" : database.row("k")).isEqualTo("second");
    }

    enum Meanwhile {
        WRITTEN_AND_INVALIDATED,
        WRITTEN_AND_EVICTED,
        INVALIDATED,
        LOADED_AND_INVALIDATED,
        REMOVED,
        CLEARED_HERE,
        CLEARED_THERE
    }

    /** An absent key has no version: whoever finds it absent again must not take that for unchanged. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void absentBeforeTheWriterRanAndAfter_changedMeanwhile_isNotStored(Meanwhile meanwhile) throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        ReadThroughCache<String, String> there = cache(fleet.there);
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> first = putting(here, "first");
        committed.awaitThere();
        switch (meanwhile) {
            case WRITTEN_AND_INVALIDATED -> {
                there.put("k", "second");
                there.invalidate("k");
            }
            case WRITTEN_AND_EVICTED -> {
                there.put("k", "second");
                fleet.line.say("delete " + name + ":k");
            }
            case INVALIDATED -> {
                database.changeTo("k", "second");
                there.invalidate("k");
            }
            case LOADED_AND_INVALIDATED -> {
                assertThat(there.get("k")).isEqualTo("first");
                there.peek("other");
                database.changeTo("k", "second");
                there.invalidate("k");
            }
            case REMOVED -> {
                there.remove("k");
            }
            case CLEARED_HERE -> {
                database.changeTo("k", "second");
                here.clear();
            }
            case CLEARED_THERE -> {
                database.changeTo("k", "second");
                there.clear();
            }
        }

        committed.goOn();
        first.result();

        String last = meanwhile == Meanwhile.REMOVED ? null : "second";
        assertThat(there.peek("k")).isEmpty();
        assertThat(there.get("k")).isEqualTo(last);
        if (meanwhile != Meanwhile.CLEARED_THERE) {
            // Of another's clearing it hears within two seconds.
            assertThat(here.get("k")).isEqualTo(last);
        }
    }

    @ParameterizedTest(name = "loaded by the process that writes {0}")
    @ValueSource(booleans = {true, false})
    void loadThatBeganBeforeTheCommit_endsAfterThePut_landsNowhere(boolean itsOwn) throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        ReadThroughCache<String, String> there = cache(fleet.there);
        ReadThroughCache<String, String> loading = itsOwn ? here : there;
        database.changeTo("k", "old");
        WrittenDatabase.Held load = database.holdNextLoad();
        Caller<String> loader = Caller.start(() -> loading.get("k"));
        load.awaitThere();

        here.put("k", "new");
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
        load.goOn();

        assertThat(loader.result()).isEqualTo("old");
        loading.peek("other");
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
        assertThat(database.loads()).isEqualTo(1);
    }

    @ParameterizedTest(name = "loaded by the process that writes {0}")
    @ValueSource(booleans = {true, false})
    void loadThatReadTheOldValue_endsBetweenCommitAndStore_isGoneAfterThePut(boolean itsOwn) throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        ReadThroughCache<String, String> there = cache(fleet.there);
        ReadThroughCache<String, String> loading = itsOwn ? here : there;
        database.changeTo("k", "old");
        WrittenDatabase.Held load = database.holdNextLoad();
        Caller<String> loader = Caller.start(() -> loading.get("k"));
        load.awaitThere();
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> put = putting(here, "new");
        committed.awaitThere();
        load.goOn();
        assertThat(loader.result()).isEqualTo("old");
        loading.peek("other");
        assertThat(nodeHasValue()).isTrue();

        committed.goOn();
        put.result();

        assertThat(nodeHasValue()).isFalse();
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
    }

    @Test
    void loadThatBeganBeforeTheCommit_callerAfterThePut_doesNotJoinIt() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        database.changeTo("k", "old");
        WrittenDatabase.Held load = database.holdNextLoad();
        Caller<String> before = Caller.start(() -> here.get("k"));
        load.awaitThere();

        here.put("k", "new");
        here.remove("k");

        assertThat(here.get("k")).isNull();
        load.goOn();
        assertThat(before.result()).isEqualTo("old");
        assertThat(here.get("k")).isNull();
    }

    @Test
    void loadThatBeganAfterTheCommit_fillsFirst_newValueIsReadByAll() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here);
        ReadThroughCache<String, String> there = cache(fleet.there);
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> put = putting(here, "new");
        committed.awaitThere();
        assertThat(there.get("k")).isEqualTo("new");
        there.peek("other");

        committed.goOn();
        put.result();

        assertThat(here.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
    }
}
