package io.levee.examples.site.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do if the profile {@code postgres} has no PostgreSQL. */
final class NoDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<NoDatabaseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NoDatabaseException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Start one, or name another with --spring.datasource.url, --spring.datasource.username and "
                        + "--spring.datasource.password. Without --spring.profiles.active=postgres the site brings a database.",
                cause);
    }
}
