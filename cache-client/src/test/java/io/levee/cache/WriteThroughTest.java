package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.cache.codec.StringCodec;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache with a writer: the database first, then memcached and this process; and what the database refuses changes nothing. */
class WriteThroughTest {
    private static Fleet fleet;

    private final String name = Fleet.name();
    private final WrittenDatabase database = new WrittenDatabase();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> cache(CacheClient client) {
        return Fleet.strings(client, name).loader(database).writer(database).expireAfterWrite(Duration.ofHours(1));
    }

    private boolean nodeHasValue() {
        return fleet.line.hasValue(name + ":k");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void put_whetherOrNotThereWasAValue_isInTheDatabaseAndInBothTiers(boolean before) {
        ReadThroughCache<String, String> here = cache(fleet.here).build();
        ReadThroughCache<String, String> there = cache(fleet.there).build();
        if (before) {
            here.put("k", "old");
            assertThat(there.get("k")).isEqualTo("old");
        }

        here.put("k", "new");

        assertThat(database.row("k")).isEqualTo("new");
        Lookup<String> found = there.lookup("k");
        assertThat(found.value()).isEqualTo("new");
        assertThat(found.source()).isEqualTo(Source.MEMCACHED);
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(database.loads()).isZero();
        assertThat(here.stats().writes()).isEqualTo(before ? 2 : 1);
        assertThat(here.stats().writeFailures()).isZero();
    }

    @Test
    void put_withANearCache_isServedFromThisProcess() {
        ReadThroughCache<String, String> here =
                cache(fleet.here).nearCache(Duration.ofHours(1)).build();
        here.put("k", "old");
        assertThat(here.lookup("k").source()).isEqualTo(Source.NEAR);

        here.put("k", "new");

        Lookup<String> found = here.lookup("k");
        assertThat(found.value()).isEqualTo("new");
        assertThat(found.source()).isEqualTo(Source.NEAR);
    }

    @Test
    void put_itsWriter_runsOnTheCallingThreadBeforeAnythingIsWritten() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<Boolean> inMemcached = new AtomicReference<>();
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .writer(writer((key, value) -> {
                    thread.set(Thread.currentThread());
                    inMemcached.set(nodeHasValue());
                }))
                .expireAfterWrite(Duration.ofHours(1))
                .build();

        here.put("k", "new");

        assertThat(thread).hasValue(Thread.currentThread());
        assertThat(inMemcached).hasValue(false);
        assertThat(nodeHasValue()).isTrue();
    }

    private interface Write {
        void run(String key, String value) throws Exception;
    }

    private static CacheWriter<Object, String> writer(Write write) {
        return new CacheWriter<>() {
            @Override
            public void write(Object key, String value) throws Exception {
                write.run((String) key, value);
            }

            @Override
            public void delete(Object key) throws Exception {
                write.run((String) key, null);
            }
        };
    }

    @Test
    void remove_deletesFromTheDatabaseAndFromBothTiersOfAll() {
        ReadThroughCache<String, String> here = cache(fleet.here).build();
        ReadThroughCache<String, String> there = cache(fleet.there).build();
        here.put("k", "old");
        assertThat(there.get("k")).isEqualTo("old");

        here.remove("k");

        assertThat(database.row("k")).isNull();
        assertThat(nodeHasValue()).isFalse();
        assertThat(here.get("k")).isNull();
        assertThat(there.get("k")).isNull();
    }

    @Test
    void remove_withoutAWriter_isAsInvalidate() {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .loader(database)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        database.changeTo("k", "new");
        here.put("k", "old");

        here.remove("k");

        assertThat(here.get("k")).isEqualTo("new");
    }

    static Stream<Throwable> troubles() {
        return Stream.of(
                new IOException("the database is down"),
                new IllegalStateException("refused"),
                new OutOfMemoryError("of the driver"),
                new InterruptedException("stopped"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void writerThrows_putAndRemove_areTheWritersExceptionAndChangeNothing(Throwable trouble) {
        ReadThroughCache<String, String> here =
                cache(fleet.here).nearCache(Duration.ofHours(1)).build();
        here.put("k", "old");
        String asItWas = fleet.line.say("mg " + name + ":k c");
        database.failWrites(trouble);

        WriteException put = catchThrowableOfType(WriteException.class, () -> here.put("k", "new"));
        boolean flag = Thread.interrupted();
        WriteException remove = catchThrowableOfType(WriteException.class, () -> here.remove("k"));
        boolean flagOfRemove = Thread.interrupted();

        for (WriteException thrown : List.of(put, remove)) {
            assertThat(thrown).hasCause(trouble).hasMessageContaining(name).hasMessageContaining("key k");
        }
        assertThat(flag).isEqualTo(trouble instanceof InterruptedException);
        assertThat(flagOfRemove).isEqualTo(trouble instanceof InterruptedException);
        assertThat(fleet.line.say("mg " + name + ":k c")).isEqualTo(asItWas);
        assertThat(here.lookup("k").source()).isEqualTo(Source.NEAR);
        assertThat(here.get("k")).isEqualTo("old");
        assertThat(here.stats().writes()).isEqualTo(1);
        assertThat(here.stats().writeFailures()).isZero();
    }

    @Test
    void writerThrows_keyThatWasNotThere_leavesNothing() {
        ReadThroughCache<String, String> here = cache(fleet.here).build();
        database.failWrites(new IOException("the database is down"));

        assertThatThrownBy(() -> here.put("k", "new")).isInstanceOf(WriteException.class);

        // What the put has sent was sent before this, on the same connection.
        here.peek("other");
        assertThat(fleet.line.say("mg " + name + ":k")).startsWith("EN");
    }

    @Test
    void writerThrows_loadUnderWay_isJoinedAndStored() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here).build();
        database.changeTo("k", "old");
        WrittenDatabase.Held load = database.holdNextLoad();
        Caller<String> loader = Caller.start(() -> here.get("k"));
        load.awaitThere();
        database.failWrites(new IOException("the database is down"));

        assertThatThrownBy(() -> here.put("k", "new")).isInstanceOf(WriteException.class);
        Caller<String> joining = Caller.start(() -> here.get("k"));
        await().until(() -> here.stats().coalesced() == 1);
        load.goOn();

        assertThat(loader.result()).isEqualTo("old");
        assertThat(joining.result()).isEqualTo("old");
        here.peek("other");
        assertThat(nodeHasValue()).isTrue();
        assertThat(database.loads()).isEqualTo(1);
    }

    @Test
    void writerThrows_failedLoadOfTheKey_isRememberedAndAPutThatGoesWellForgetsIt() {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .loader(key -> {
                    database.load(key);
                    throw new IOException("no");
                })
                .writer(database)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        assertThatThrownBy(() -> here.get("k")).isInstanceOf(LoadException.class);
        database.failWrites(new IOException("the database is down"));
        assertThatThrownBy(() -> here.put("k", "new")).isInstanceOf(WriteException.class);
        assertThatThrownBy(() -> here.get("k")).isInstanceOf(LoadException.class);
        assertThat(database.loads()).isEqualTo(1);

        database.failWrites(null);
        here.put("k", "new");
        here.invalidate("k");
        assertThatThrownBy(() -> here.get("k")).isInstanceOf(LoadException.class);
        assertThat(database.loads()).isEqualTo(2);
    }

    @Test
    void interruptedWhenTheWriterHasRun_put_storesAndKeepsTheFlag() {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .writer(writer((key, value) -> Thread.currentThread().interrupt()))
                .expireAfterWrite(Duration.ofHours(1))
                .build();

        here.put("k", "new");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(nodeHasValue()).isTrue();

        here.remove("k");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(nodeHasValue()).isFalse();
    }

    @Test
    void writerReadsTheSameKey_put_isStoredOrRemovedAndNeverStuck() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        AtomicReference<String> seen = new AtomicReference<>();
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .loader(database)
                .writer(writer((key, value) -> {
                    seen.set(self.get().get(key));
                    database.write(key, value);
                }))
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        self.set(here);
        database.changeTo("k", "first");

        here.put("k", "second");
        assertThat(seen).hasValue("first");
        assertThat(here.get("k")).isEqualTo("second");

        here.put("k", "third");
        assertThat(seen).hasValue("second");
        assertThat(here.get("k")).isEqualTo("third");
        assertThat(cache(fleet.there).build().get("k")).isEqualTo("third");
    }

    @Test
    void writerPutsTheSameKey_outerPut_winsOrNothingIsThere() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .loader(database)
                .writer(writer((key, value) -> {
                    if (value.equals("outer")) {
                        self.get().put(key, "inner");
                    }
                    database.write(key, value);
                }))
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        self.set(here);

        here.put("k", "outer");

        assertThat(database.row("k")).isEqualTo("outer");
        assertThat(here.get("k")).isEqualTo("outer");
        assertThat(cache(fleet.there).build().get("k")).isEqualTo("outer");
    }

    @Test
    void writerHangs_readersOfTheKey_doNotWaitForIt() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here).build();
        ReadThroughCache<String, String> there = cache(fleet.there).build();
        database.changeTo("k", "old");
        WrittenDatabase.Held write = database.holdNextWrite();
        Caller<Void> writer = Caller.start(() -> {
            here.put("k", "new");
            return null;
        });
        write.awaitThere();

        assertThat(there.get("k")).isEqualTo("old");
        there.peek("other");
        assertThat(here.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(there.stats().leaseWaits()).isZero();
        assertThat(here.stats().leaseWaits()).isZero();
        assertThat(database.loads()).isEqualTo(1);

        write.goOn();
        writer.result();
        assertThat(there.get("k")).isEqualTo("new");
        assertThat(here.get("k")).isEqualTo("new");
    }

    @Test
    void valueThatCannotBeEncoded_put_isWrittenToTheDatabaseAndRemovedFromTheCache() {
        List<String> failures = new ArrayList<>();
        try (CacheClient client = Fleet.client(fleet.node)
                .listener(new CacheListener() {
                    @Override
                    public void writeFailed(String cache, String key, String reason) {
                        failures.add(key + " " + reason);
                    }
                })
                .build()) {
            ReadThroughCache<String, String> there = cache(fleet.there).build();
            ReadThroughCache<String, String> picky =
                    cache(client).codec(new Picky()).build();
            picky.put("k", "old");
            assertThat(there.get("k")).isEqualTo("old");

            picky.put("k", "not to be encoded");

            assertThat(nodeHasValue()).isFalse();
            assertThat(picky.peek("k")).isEmpty();
            assertThat(there.get("k")).isEqualTo("not to be encoded");
            assertThat(picky.stats().writeFailures()).isEqualTo(1);
            assertThat(failures).singleElement().asString().startsWith("k ").contains("could not be encoded");
        }
    }

    private static final class Picky implements Codec<String> {
        @Override
        public Encoded encode(String value) {
            if (value.startsWith("not")) {
                throw new CodecException("no");
            }
            return StringCodec.INSTANCE.encode(value);
        }

        @Override
        public String decode(Encoded encoded) {
            return StringCodec.INSTANCE.decode(encoded);
        }
    }

    @Test
    void valueOverTheItemLimit_put_isKeptHereAndTheOldOneIsGone() {
        try (MemcachedNode small = MemcachedNode.builder().maxItemBytes(4096).start();
                CacheClient client = Fleet.client(small).build()) {
            ReadThroughCache<String, String> here = cache(client).build();
            here.put("k", "small");
            String large = new Random(7)
                    .ints(20_000, ' ', '~')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            here.put("k", large);

            assertThat(new MemcachedLine(small).has(name + ":k")).isFalse();
            assertThat(here.lookup("k").source()).isEqualTo(Source.FALLBACK);
            assertThat(here.get("k")).isEqualTo(large);
            assertThat(database.loads()).isZero();
        }
    }

    @Test
    void nullOrClosed_putAndRemove_doNotReachTheWriter() {
        CacheClient client = Fleet.client(fleet.node).build();
        ReadThroughCache<String, String> here = cache(client).build();
        assertThatThrownBy(() -> here.put("k", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> here.remove(null)).isInstanceOf(NullPointerException.class);
        client.close();

        assertThatThrownBy(() -> here.put("k", "new")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> here.remove("k")).isInstanceOf(CacheClosedException.class);

        assertThat(database.writes()).isZero();
    }
}
