package io.levee.examples.chromium;

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
import java.util.Base64;
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
public final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private final Process process;
    private final WebSocket socket;
    private final String session;
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

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
    public static Browser start(Path profile) {
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

    /** Opens a page in a window of that width, in the light or the dark scheme; returns when it has loaded. */
    public void open(URI page, int width, boolean dark) {
        errors.clear();
        CompletableFuture<Void> loading = new CompletableFuture<>();
        loaded = loading;
        Map<String, Object> size = Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false);
        send(session, "Emulation.setDeviceMetricsOverride", size);
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        send(session, "Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
        send(session, "Page.navigate", Map.of("url", page.toString()));
        loading.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** What a script's expression is, run in the page; of a promise, what it brings. */
    public JsonNode evaluate(String expression) {
        Map<String, Object> script = Map.of("expression", expression, "returnByValue", true, "awaitPromise", true);
        JsonNode answer = send(session, "Runtime.evaluate", script);
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.toString());
        }
        return answer.get("result").get("value");
    }

    /** The page as it looks, a PNG; whole, also what is outside of the window. */
    public byte[] screenshot() {
        return Base64.getDecoder()
                .decode(send(session, "Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                        .get("data")
                        .asString());
    }

    /** Presses a key and lets it go, as a keyboard does: {@code Tab}, {@code Enter} or {@code Space}. */
    public void press(String key) {
        Map<String, Object> event = switch (key) {
            case "Tab" -> Map.of("key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9);
            case "Enter" -> Map.of("key", "Enter", "code", "Enter", "windowsVirtualKeyCode", 13, "text", "\r");
            case "Space" -> Map.of("key", " ", "code", "Space", "windowsVirtualKeyCode", 32, "text", " ");
            default -> throw new IllegalArgumentException("key must be Tab, Enter or Space, but is " + key);
        };
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> params = new HashMap<>(event);
            params.put("type", type);
            send(session, "Input.dispatchKeyEvent", params);
        }
    }

    /** What the page has thrown, logged as an error or been refused since it was opened. */
    public List<String> errors() {
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
        if (method.equals("Page.loadEventFired")) {
            loaded.complete(null);
        }
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
