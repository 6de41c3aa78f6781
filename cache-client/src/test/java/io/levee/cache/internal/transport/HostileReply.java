package io.levee.cache.internal.transport;

/** The replies to a get that no sound memcached gives, or gives only in trouble. */
enum HostileReply {
    VALUE_LONGER_THAN_SAID(Outcome.OUT_OF_STEP, "VA 2 f0 c1 k{key} O{opaque}\r\nvalue\r\n"),
    VALUE_SHORTER_THAN_SAID(Outcome.OUT_OF_STEP, "VA 6 f0 c1 k{key} O{opaque}\r\nvalue\r\nEN\r\n"),
    VALUE_ENDED_BY_A_BARE_NEWLINE(Outcome.OUT_OF_STEP, "VA 5 f0 c1 k{key} O{opaque}\r\nvalue\n\n"),
    ANOTHER_KEYS_VALUE(Outcome.OUT_OF_STEP, "VA 5 f0 c1 kother O{opaque}\r\nvalue\r\n"),
    A_LONGER_KEYS_VALUE(Outcome.OUT_OF_STEP, "VA 5 f0 c1 k{key}2 O{opaque}\r\nvalue\r\n"),
    ANOTHER_REQUESTS_VALUE(Outcome.OUT_OF_STEP, "VA 5 f0 c1 k{key} O1{opaque}\r\nvalue\r\n"),
    VALUE_WITHOUT_KEY(Outcome.OUT_OF_STEP, "VA 5 f0 c1 O{opaque}\r\nvalue\r\n"),
    VALUE_WITHOUT_OPAQUE(Outcome.OUT_OF_STEP, "VA 5 f0 c1 k{key}\r\nvalue\r\n"),
    ANOTHER_KEYS_MISS(Outcome.OUT_OF_STEP, "EN kother O{opaque}\r\n"),
    ENDLESS_LINE(Outcome.OUT_OF_STEP, "VA 5 " + "x".repeat(10_000)),
    GIANT_LENGTH(Outcome.OUT_OF_STEP, "VA 2147483647 f0 c1 k{key} O{opaque}\r\n"),
    LENGTH_JUST_PAST_THE_BOUND(Outcome.OUT_OF_STEP, "VA 67108865 f0 c1 k{key} O{opaque}\r\n"),
    LENGTH_OF_MORE_THAN_32_BITS(Outcome.OUT_OF_STEP, "VA 4294967301 f0 c1 k{key} O{opaque}\r\nvalue\r\n"),
    LENGTH_OF_MORE_THAN_64_BITS(Outcome.OUT_OF_STEP, "VA 18446744073709551621 f0 c1 k{key} O{opaque}\r\nvalue\r\n"),
    NEGATIVE_LENGTH(Outcome.OUT_OF_STEP, "VA -5 f0 c1 k{key} O{opaque}\r\nvalue\r\n"),
    LENGTH_NOT_A_NUMBER(Outcome.OUT_OF_STEP, "VA five f0 c1 k{key} O{opaque}\r\nvalue\r\n"),
    NO_LENGTH(Outcome.OUT_OF_STEP, "VA\r\n"),
    TOKEN_NOT_A_NUMBER(Outcome.OUT_OF_STEP, "VA 5 f0 c k{key} O{opaque}\r\nvalue\r\n"),
    EMPTY_LINE(Outcome.OUT_OF_STEP, "\r\n"),
    BLANK_LINE(Outcome.OUT_OF_STEP, "   \r\n"),
    LINE_ENDED_BY_A_BARE_NEWLINE(Outcome.OUT_OF_STEP, "EN\n"),
    ANSWER_TO_A_PROBE(Outcome.OUT_OF_STEP, "MN\r\n"),
    ANSWER_TO_A_SET(Outcome.OUT_OF_STEP, "HD O{opaque}\r\n"),
    ANSWER_TO_A_CLASSIC_GET(Outcome.OUT_OF_STEP, "VALUE {key} 0 5\r\nvalue\r\nEND\r\n"),
    ANOTHER_PROTOCOL(Outcome.OUT_OF_STEP, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    BYTES_OF_THE_BINARY_PROTOCOL(Outcome.OUT_OF_STEP, "\u0081\u0000\u0000\u0000\u0004\r\n\u00ff"),

    ERROR(Outcome.ERROR_LINE, "ERROR\r\n"),
    ERROR_WITH_A_REASON(Outcome.ERROR_LINE, "ERROR Too many open connections\r\n"),
    CLIENT_ERROR(Outcome.ERROR_LINE, "CLIENT_ERROR bad command line format\r\n"),
    SERVER_ERROR(Outcome.ERROR_LINE, "SERVER_ERROR out of memory writing get response\r\n"),

    NOTHING(Outcome.SILENCE, ""),
    HALF_A_WORD(Outcome.SILENCE, "V"),
    HALF_A_LINE(Outcome.SILENCE, "VA 5 f0 c1 k{key}"),
    LINE_WITHOUT_ITS_NEWLINE(Outcome.SILENCE, "EN\r"),
    NO_VALUE(Outcome.SILENCE, "VA 5 f0 c1 k{key} O{opaque}\r\n"),
    HALF_A_VALUE(Outcome.SILENCE, "VA 5 f0 c1 k{key} O{opaque}\r\nval"),
    VALUE_WITHOUT_ITS_NEWLINE(Outcome.SILENCE, "VA 5 f0 c1 k{key} O{opaque}\r\nvalue\r"),
    A_LARGE_VALUE_THAT_NEVER_COMES(Outcome.SILENCE, "VA 67108864 f0 c1 k{key} O{opaque}\r\nva");

    enum Outcome {
        /** Nothing after it can be trusted: REFUSED, and the connection ends. */
        OUT_OF_STEP,
        /** A whole reply: REFUSED, and the connection goes on. */
        ERROR_LINE,
        /** There may be more to come: TIMEOUT, and the connection is the supervisor's to judge. */
        SILENCE
    }

    private final Outcome outcome;
    private final String template;

    HostileReply(Outcome outcome, String template) {
        this.outcome = outcome;
        this.template = template;
    }

    Outcome outcome() {
        return outcome;
    }

    /** With {key} and {opaque} where the request's are to be. */
    String template() {
        return template;
    }
}
