package io.levee.examples.site.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.site.SiteClient;
import io.levee.examples.site.SmallSite;
import io.levee.examples.site.nodes.NodeProcesses;
import io.levee.examples.site.nodes.NodeProcesses.ProcessState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.mock.web.MockHttpServletRequest;

/** Who may press the buttons. */
@SmallSite
class OpsAccessTest {
    @LocalServerPort
    private int port;

    @Autowired
    private NodeProcesses processes;

    private String killFirst() {
        return "/ops/nodes/" + processes.addresses().get(0) + "/kill";
    }

    /** As any program may write it, which a browser or a well-behaved library would not. */
    private String firstLine(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.substring(0, answer.indexOf("\r\n"));
        }
    }

    private String post(String host, String... headers) {
        return "POST " + killFirst() + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n"
                + String.join("", headers) + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: for=127.0.0.1",
                "X-Real-IP: 127.0.0.1",
                "Via: 1.1 proxy"
            })
    void throughAProxy_isForbidden(String header) throws IOException {
        assertThat(firstLine(post("localhost", "X-Stats-Site-Ops: 1\r\n", header + "\r\n")))
                .contains("403");
        assertThat(processes.states()).containsOnly(ProcessState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats.example", "127.0.0.1.example", "localhost.example", "10.0.0.1"})
    void askedForByAnotherName_isForbidden(String host) throws IOException {
        assertThat(firstLine(post(host, "X-Stats-Site-Ops: 1\r\n"))).contains("403");
        assertThat(processes.states()).containsOnly(ProcessState.RUNNING);
    }

    @Test
    void formOfAnotherSite_isForbidden() throws IOException {
        assertThat(firstLine(post("localhost", "Origin: http://other.example\r\n")))
                .contains("403");
        assertThat(processes.states()).containsOnly(ProcessState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://stats.example",
                "https://localhost.example",
                "http://localhost@stats.example",
                "null",
                "x y"
            })
    void scriptOfAnotherSite_isForbiddenWhateverItSends(String origin) throws IOException {
        assertThat(firstLine(post("localhost", "X-Stats-Site-Ops: 1\r\n", "Origin: " + origin + "\r\n")))
                .contains("403");
        assertThat(processes.states()).containsOnly(ProcessState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"})
    void scriptOfThisSite_isHeard(String origin) throws IOException {
        // Nothing to do: it runs already.
        String path = "/ops/nodes/" + processes.addresses().get(0) + "/resume";
        assertThat(firstLine(
                        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
                                + "X-Stats-Site-Ops: 1\r\nOrigin: " + origin + "\r\n\r\n"))
                .contains("409");
    }

    @Test
    void actuator_changesNothing() throws IOException {
        String body = "{\"action\":\"clear\"}";
        assertThat(firstLine("POST /actuator/levee/projects HTTP/1.1\r\nHost: stats.example\r\nConnection: close\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .contains("405");
        assertThat(firstLine("GET /actuator/levee HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains("200");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost, true",
        "0:0:0:0:0:0:0:1, [::1], true",
        "192.168.1.7, localhost, false",
        "192.168.1.7, 192.168.1.7, false"
    })
    void buttons_areForThisMachine(String from, String askedFor, boolean here) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/ops/levee");
        request.setRemoteAddr(from);
        request.setServerName(askedFor);

        assertThat(LoopbackOnly.isHere(request)).isEqualTo(here);
    }

    @Test
    void pageThroughAProxy_hasNoButtons() throws IOException {
        SiteClient visitor = new SiteClient(port);
        assertThat(visitor.get("/ops").body()).contains("data-may-act=\"true\"").contains("id=\"levee\"");

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /ops HTTP/1.1\r\nHost: stats.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            String page = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(page).contains("data-may-act=\"false\"").doesNotContain("id=\"levee\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ops/nodes/127.0.0.1:1/kill, '', node must be one of",
        "/ops/nodes/FIRST/melt, '', 'action must be kill, hang, resume or restart, but is melt'",
        "/ops/visitors, perSecond=-1, 'visitors must be 0 to 400 a second, but are -1'",
        "/ops/visitors, perSecond=401, 'visitors must be 0 to 400 a second, but are 401'"
    })
    void wrongRequest_isRefusedWithItsBound(String path, String form, String text) {
        SiteClient visitor = new SiteClient(port);

        var answer = visitor.post(path.replace("FIRST", processes.addresses().get(0)), form, LoopbackOnly.HEADER, "1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(text);
    }
}
