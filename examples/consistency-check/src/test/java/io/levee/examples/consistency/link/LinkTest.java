package io.levee.examples.consistency.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link between a client and a real node. */
class LinkTest {
    private static final int SILENCE_MILLIS = 100;

    private MemcachedNode node;
    private Link link;
    private int port;

    @BeforeEach
    void open() throws IOException {
        node = MemcachedNode.builder().start();
        open(Plant.NONE);
    }

    private void open(Plant plant) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            port = free.getLocalPort();
        }
        link = Link.open(loopback, port, node.port(), plant);
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        node.close();
    }

    @Test
    void openLink_passesBothWays() throws IOException {
        try (Client client = new Client(port)) {
            assertThat(client.ask("mn")).isEqualTo("MN");
        }
    }

    @Test
    void pausedLink_holdsWhatIsSent_untilItIsResumed() throws IOException {
        try (Client client = new Client(port)) {
            assertThat(client.ask("mn")).isEqualTo("MN");
            link.pause();
            client.say("mn");
            assertThat(client.isSilent()).isTrue();

            link.resume();

            assertThat(client.hear()).isEqualTo("MN");
        }
    }

    @Test
    void newConnection_whilePaused_isAnsweredWhenResumed() throws IOException {
        link.pause();
        try (Client client = new Client(port)) {
            client.say("mn");
            assertThat(client.isSilent()).isTrue();

            link.resume();

            assertThat(client.hear()).isEqualTo("MN");
        }
    }

    @Test
    void clientThatGaveUpWhilePaused_isStillHeardWhenResumed() throws IOException {
        try (Client client = new Client(port)) {
            client.ask("mn");
            link.pause();
            client.say("ms late 1 T0\r\nx");
        }

        link.resume();

        await().until(() -> stored("late"));
    }

    @Test
    void clientThatResetItsConnectionWhilePaused_isNotHeard() throws IOException {
        try (Client client = new Client(port)) {
            client.ask("mn");
            link.pause();
            client.say("ms reset 1 T0\r\nx");
            client.reset();
        }

        link.resume();

        try (Client client = new Client(port)) {
            assertThat(client.ask("mn")).isEqualTo("MN");
        }
        assertThat(stored("reset")).isFalse();
    }

    @Test
    void clientThatGaveUpWhilePaused_isNotHeardWhenWhatWasHeldIsLost() throws IOException {
        try (Client client = new Client(port)) {
            client.ask("mn");
            link.pause();
            client.say("ms lost 1 T0\r\nx");
        }

        link.resumeEmpty();

        try (Client client = new Client(port)) {
            assertThat(client.ask("mn")).isEqualTo("MN");
        }
        assertThat(stored("lost")).isFalse();
    }

    @Test
    void cutLink_endsConnectionsAndRefusesNewOnes_untilItIsRestored() throws IOException {
        try (Client before = new Client(port)) {
            before.ask("mn");

            link.cut();

            assertThat(before.hear()).isNull();
        }
        try (Client during = new Client(port)) {
            assertThat(during.hear()).isNull();
        }
        link.restore();
        try (Client after = new Client(port)) {
            assertThat(after.ask("mn")).isEqualTo("MN");
        }
    }

    @Test
    void nodeThatIsKilled_endsTheConnection() throws IOException {
        try (Client client = new Client(port)) {
            client.ask("mn");

            node.kill();

            assertThat(client.hear()).isNull();
        }
    }

    @Test
    void lostRemoval_isAnswered_andRemovesNothing() throws IOException {
        link.close();
        open(Plant.LOST_INVALIDATION);
        try (Client client = new Client(port)) {
            assertThat(client.ask("ms kept 1 T0\r\nx")).isEqualTo("HD");
            for (int i = 0; i < 19; i++) {
                assertThat(client.ask("md other O" + i)).isEqualTo("NF O" + i);
            }

            assertThat(client.ask("md kept O99")).isEqualTo("NF O99");
        }
        assertThat(stored("kept")).isTrue();
    }

    private boolean stored(String key) throws IOException {
        try (Client direct = new Client(node.port())) {
            return direct.ask("mg " + key).equals("HD");
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask(String line) throws IOException {
            say(line);
            return hear();
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        /** The next line; null if the connection has ended. */
        String hear() throws IOException {
            socket.setSoTimeout(10_000);
            try {
                return in.readLine();
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                return null;
            }
        }

        /** Closes so that the system sends nothing more, and tells the other side. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        boolean isSilent() throws IOException {
            socket.setSoTimeout(SILENCE_MILLIS);
            try {
                in.readLine();
                return false;
            } catch (SocketTimeoutException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
