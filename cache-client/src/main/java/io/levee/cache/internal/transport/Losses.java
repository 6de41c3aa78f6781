package io.levee.cache.internal.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Why connections fail, in the few plain words that a log line and a health report show. */
final class Losses {
    static final String CLOSED = "closed by the node";
    private static final String RESET = "connection reset";

    private static final int MAX_SHOWN_CHARS = 200;

    private Losses() {}

    /** Why spymemcached gave a connection up, from the exception that it logged, if any. */
    static String describe(Throwable cause) {
        if (cause == null) {
            // The one case in which it gives no exception: much was enqueued and none of it could be written.
            return "the node takes no more bytes";
        }
        if (cause instanceof OutOfStepException) {
            return cause.getMessage();
        }
        String message = String.valueOf(cause.getMessage());
        if (message.startsWith("Disconnected unexpected")) {
            return CLOSED;
        }
        if (message.startsWith("Connection reset") || message.startsWith("Broken pipe")) {
            return RESET;
        }
        if (message.startsWith("No read operation")) {
            return "bytes that nobody asked for";
        }
        return cause instanceof IOException ? message.toLowerCase(Locale.ROOT) : cause.toString();
    }

    /** Whether the node ended the connection, rather than this side. */
    static boolean isEndOfStream(String reason) {
        return reason.equals(CLOSED) || reason.equals(RESET);
    }

    static String unasked(String text) {
        String line = text.lines().findFirst().orElse("");
        String shown =
                line.substring(0, Math.min(line.length(), MAX_SHOWN_CHARS)).replaceAll("[^ -~]", "?");
        return shown.contains("ERROR") ? said(shown) : "bytes that nobody asked for: " + shown;
    }

    static String said(String errorLine) {
        return "the node said \"" + errorLine + "\"";
    }

    /** Why a connection could not be opened. */
    static String describeConnect(IOException e, long timeoutMillis) {
        if (e instanceof SocketTimeoutException) {
            return "no connection within " + timeoutMillis + " ms";
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
