package io.levee.cache.internal.entry;

/**
 * An item in memcached is not Levee's, or is broken, or was written by a newer release. A miss to the reader, and reported.
 * Has no stack trace: another program's items under our keys must not make reads slow.
 */
public final class NotAnEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    NotAnEntryException(String reason) {
        super(reason, null, false, false);
    }

    /** In a few words, and without a byte of the value. */
    public String reason() {
        return getMessage();
    }
}
