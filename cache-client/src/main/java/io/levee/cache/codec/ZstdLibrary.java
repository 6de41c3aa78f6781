package io.levee.cache.codec;

/** Whether zstd-jni is there, which the application brings. Names none of its classes. */
final class ZstdLibrary {
    private static final String WHAT_TO_DO = "add com.github.luben:zstd-jni to the class path";

    private ZstdLibrary() {}

    /** @throws IllegalStateException if it is not there; the message says what to add */
    static Compression writing(int level) {
        try {
            return new Zstandard(level);
        } catch (LinkageError e) {
            throw new IllegalStateException(missing("zstd compression was asked for", e), e);
        }
    }

    /** @throws CodecException if it is not there; the message says what to add */
    static Compression reading() {
        if (Reading.INSTANCE == null) {
            throw new CodecException(missing("a value is compressed with zstd", Reading.FAULT));
        }
        return Reading.INSTANCE;
    }

    private static String missing(String what, LinkageError fault) {
        return fault instanceof NoClassDefFoundError
                ? what + ": " + WHAT_TO_DO
                : what + ", but com.github.luben:zstd-jni cannot load its native library here: " + fault;
    }

    /** Looked for once, when the first such value comes. */
    private static final class Reading {
        static final Compression INSTANCE;
        static final LinkageError FAULT;

        static {
            Compression there = null;
            LinkageError fault = null;
            try {
                there = new Zstandard(Zstandard.LEAST_LEVEL);
            } catch (LinkageError e) {
                fault = e;
            }
            INSTANCE = there;
            FAULT = fault;
        }
    }
}
