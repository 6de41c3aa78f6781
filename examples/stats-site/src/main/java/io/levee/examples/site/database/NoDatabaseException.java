package io.levee.examples.site.database;

import java.sql.SQLException;

/** The database of the profile {@code postgres} cannot be used. At start-up one screen says so, instead of a stack trace. */
final class NoDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoDatabaseException(String url, SQLException cause) {
        // Without the parameters, which may have a password.
        super("The PostgreSQL at " + url.replaceAll("\\?.*", "") + " cannot be used: " + cause.getMessage(), cause);
    }
}
