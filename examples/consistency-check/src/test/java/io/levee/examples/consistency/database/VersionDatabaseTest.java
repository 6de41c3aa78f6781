package io.levee.examples.consistency.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.levee.examples.consistency.history.Commit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VersionDatabaseTest {
    private VersionDatabase database;
    private VersionClient first;
    private VersionClient second;

    @BeforeEach
    void open() throws IOException {
        database = VersionDatabase.open();
        first = new VersionClient(database.port(), "w1.1");
        second = new VersionClient(database.port(), "w2.1");
    }

    @AfterEach
    void close() throws IOException {
        database.close();
    }

    @Test
    void unwrittenItem_read_isVersionOne() throws IOException {
        assertThat(first.read("plain/i0")).isEqualTo(1);
    }

    @Test
    void write_raisesTheVersion_whichAllReadAtOnce() throws IOException {
        first.write("plain/i0", version -> assertThat(read(second)).isEqualTo(version));

        assertThat(second.write("plain/i0", version -> {})).hasValue(3);
        assertThat(database.commits())
                .extracting(Commit::item, Commit::version, Commit::process)
                .containsExactly(tuple("plain/i0", 2L, "w1.1"), tuple("plain/i0", 3L, "w2.1"));
        assertThat(database.commits())
                .allSatisfy(commit -> assertThat(commit.end()).isGreaterThanOrEqualTo(commit.start()));
    }

    @Test
    void itemThatSomebodyWrites_isBusyForOthers() throws IOException {
        first.write("plain/i0", version -> {
            assertThat(write(second, "plain/i0")).isEmpty();
            assertThat(write(second, "plain/i2")).hasValue(2);
        });

        assertThat(write(second, "plain/i0")).hasValue(3);
    }

    @Test
    void writerThatDies_losesItsLock() throws IOException {
        try (Socket dying = new Socket(InetAddress.getLoopbackAddress(), database.port())) {
            dying.getOutputStream().write("write plain/i0\n".getBytes(StandardCharsets.UTF_8));
            await().until(() -> read(first) == 2);
            assertThat(write(second, "plain/i0")).isEmpty();
        }

        await().until(() -> write(second, "plain/i0").isPresent());
    }

    private static long read(VersionClient client) {
        try {
            return client.read("plain/i0");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static OptionalLong write(VersionClient client, String item) {
        try {
            return client.write(item, version -> {});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
