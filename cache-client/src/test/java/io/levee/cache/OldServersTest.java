package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes on a server without meta commands: the promises are the same. */
class OldServersTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final List<AutoCloseable> opened = new ArrayList<>();

    private final WrittenDatabase database = new WrittenDatabase();
    private OldServer server;
    private ReadThroughCache<String, String> here;
    private ReadThroughCache<String, String> there;

    @BeforeEach
    void open() throws IOException {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        server = opened(new OldServer(node.port()));
        here = cache();
        there = cache();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private ReadThroughCache<String, String> cache() {
        CacheClient client = opened(CacheClient.builder()
                .nodes("127.0.0.1:" + server.port())
                .operationTimeout(Fleet.PATIENT)
                .connectTimeout(Fleet.PATIENT)
                .build());
        return Fleet.strings(client, "strings")
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(Duration.ofMinutes(1)))
                .loader(this::load)
                .writer(database)
                .build();
    }

    private String load(String key) throws InterruptedException {
        int number = loads.incrementAndGet();
        loading.countDown();
        finish.await();
        return "value " + number;
    }

    @Test
    void oneColdKey_manyCallersOfTwoProcesses_loadOnce() throws Exception {
        List<Caller<String>> callers = new ArrayList<>(Caller.start(20, () -> here.get("k")));
        callers.addAll(Caller.start(20, () -> there.get("k")));
        Caller.awaitLatch(loading);

        finish.countDown();

        for (Caller<String> caller : callers) {
            assertThat(caller.result()).isEqualTo("value 1");
        }
        assertThat(loads).hasValue(1);
        assertThat(server.words()).contains("mn", "gets", "add", "cas").doesNotContain("mg", "ms", "md");
    }

    @Test
    void invalidatedByAnotherProcessWhileItLoads_value_doesNotLand() throws Exception {
        Caller<String> loader = Caller.start(() -> here.get("k"));
        Caller.awaitLatch(loading);
        there.invalidate("k");

        finish.countDown();

        assertThat(loader.result()).isEqualTo("value 1");
        assertThat(there.peek("k")).isEmpty();
        assertThat(there.get("k")).isEqualTo("value 2");
        assertThat(here.stats().writes()).isZero();
    }

    @Test
    void writtenByOneProcess_get_isReadByTheOther() {
        here.put("k", "written");

        assertThat(there.get("k")).isEqualTo("written");
        assertThat(loads).hasValue(0);
    }

    @Test
    void writtenThroughBesideAnother_theDatabasesLast_isReadByBoth() throws Exception {
        finish.countDown();
        here.put("k", "first");
        assertThat(there.get("k")).isEqualTo("first");
        WrittenDatabase.Held committed = database.holdNextCommitted();
        Caller<Void> overtaken = Caller.start(() -> {
            here.put("k", "second");
            return null;
        });
        committed.awaitThere();
        there.put("k", "third");
        assertThat(here.get("k")).isEqualTo("third");

        committed.goOn();
        overtaken.result();

        assertThat(here.peek("k")).isEmpty();
        assertThat(there.peek("k")).isEmpty();
        assertThat(here.get("k")).isEqualTo("value 1");
        assertThat(server.words()).contains("cas").doesNotContain("mg", "ms", "md");
    }

    @Test
    void absentKeyWrittenThrough_writerHangs_readersDoNotWaitAndTheirLoadIsReplaced() throws Exception {
        finish.countDown();
        WrittenDatabase.Held writing = database.holdNextWrite();
        Caller<Void> put = Caller.start(() -> {
            here.put("k", "written");
            return null;
        });
        writing.awaitThere();

        assertThat(there.get("k")).isEqualTo("value 1");
        assertThat(there.stats().leaseWaits()).isZero();
        there.peek("other");
        writing.goOn();
        put.result();

        assertThat(there.get("k")).isEqualTo("value 2");
        assertThat(here.get("k")).isEqualTo("value 2");
    }
}
