package io.levee.examples.incident.report;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A real Chromium without a window, with one page, driven over its DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private final Process process;
    private final WebSocket socket;
    private final String session;

    private Browser(Process process, URI devTools) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, this)
                .join();
        String target = send("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        this.session = send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        List.of("Page.enable", "Runtime.enable", "Log.enable").forEach(method -> send(session, method, Map.of()));
    }

    /** Starts {@code levee.test.chromium}, or the {@code chromium} of the PATH: without one the test fails. */
    static Browser start(Path profile) {
        String program = System.getProperty("levee.test.chromium", "chromium");
        ProcessBuilder builder = new ProcessBuilder(
                program,
                "--headless",
                // Build machines run as root, where the sandbox refuses to start; the page is our own.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank");
        try {
            Process process =
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return new Browser(process, devTools(process));
        } catch (IOException e) {
            throw new AssertionError(
                    "this test needs Chromium: put it on the PATH, or name it by -Dlevee.test.chromium=/its/path", e);
        }
    }

    void open(Path page, int width, boolean dark) {
        errors.clear();
        events.clear();
        Map<String, Object> size = Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false);
        send(session, "Emulation.setDeviceMetricsOverride", size);
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        send(session, "Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
        send(session, "Page.navigate", Map.of("url", page.toUri().toString()));
        await().atMost(PATIENCE).until(() -> events.contains("Page.loadEventFired"));
    }

    JsonNode evaluate(String expression) {
        JsonNode answer = send(session, "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.toString());
        }
        return answer.get("result").get("value");
    }

    /** What the page has thrown, logged as an error or been refused since it was opened. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        send("", "Browser.close", Map.of());
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            JsonNode read = json.readTree(message.toString());
            message.setLength(0);
            if (read.has("id")) {
                answers.get(read.get("id").asInt()).complete(read);
            } else {
                heard(read.get("method").asString(), read.get("params"));
            }
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void heard(String method, JsonNode params) {
        boolean error = switch (method) {
            case "Runtime.exceptionThrown" -> true;
            case "Runtime.consoleAPICalled" -> params.get("type").asString().equals("error");
            case "Log.entryAdded" -> params.get("entry").get("level").asString().equals("error");
            default -> false;
        };
        if (error) {
            errors.add(params.toString());
        }
        events.add(method);
    }

    private JsonNode send(String toSession, String method, Map<String, ?> params) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        Map<String, Object> command = new HashMap<>(Map.of("id", id, "method", method, "params", params));
        if (!toSession.isEmpty()) {
            command.put("sessionId", toSession);
        }
        socket.sendText(json.writeValueAsString(command), true).join();
        JsonNode read = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (read.has("error")) {
            throw new AssertionError(method + ": " + read);
        }
        return read.get("result");
    }

    private static URI devTools(Process process) throws IOException {
        List<String> told = new ArrayList<>();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            told.add(line);
            if (line.startsWith(LISTENING)) {
                return URI.create(line.substring(LISTENING.length()).strip());
            }
        }
        throw new AssertionError("Chromium ended before it listened: " + String.join("\n", told));
    }
}
