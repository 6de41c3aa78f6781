package io.levee.examples.site.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.examples.site.SmallSite;
import io.levee.examples.site.ops.Journal.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@SmallSite
class OpsStreamTest {
    @LocalServerPort
    private int port;

    @Autowired
    private Journal journal;

    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private BufferedReader open(String... headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(socket);
        socket.setSoTimeout(60_000);
        String request = "GET /ops/stream HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String firstMessage(BufferedReader stream) throws IOException {
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        throw new AssertionError("the stream ended");
    }

    @Test
    void pageThatComesBack_isToldWhatItMissed() throws IOException {
        journal.write(Kind.NOTE, "the first");
        long known = journal.after(0).get(journal.after(0).size() - 1).number();
        journal.write(Kind.NOTE, "the second");

        assertThat(firstMessage(open())).contains("the first").contains("the second");
        assertThat(firstMessage(open("Last-Event-ID: " + known + "\r\n")))
                .contains("the second")
                .doesNotContain("the first");
    }

    @Test
    void streamsOfClosedPages_makeRoomForOthers() throws IOException {
        for (int i = 0; i < OpsStream.MOST_PAGES; i++) {
            firstMessage(open());
        }
        assertThat(open().readLine()).contains("503");

        open.get(0).close();

        await().atMost(Duration.ofMinutes(1)).until(() -> open().readLine().contains("200"));
    }
}
