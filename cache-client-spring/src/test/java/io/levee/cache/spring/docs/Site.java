package io.levee.cache.spring.docs;

import io.levee.cache.spring.method.StatsDatabase.DownException;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the code on the pages takes for granted: a site's rows and its database. */
public final class Site {
    private Site() {}

    /** What the pages cache. Serializable, as spymemcached wants it. */
    public record ProjectStats(long project, long backers) implements Serializable {}

    /** A new row. */
    public record Pledge(long project, long backers) {}

    /** The site's own words for an overload. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BusyException(Throwable cause) {
            super(cause);
        }
    }

    /** The pages' database, on one that counts its queries. */
    public static final class StatsDatabase implements AutoCloseable {
        final io.levee.cache.spring.method.StatsDatabase table = new io.levee.cache.spring.method.StatsDatabase();

        /** With these rows. */
        static StatsDatabase with(Pledge... rows) {
            StatsDatabase database = new StatsDatabase();
            for (Pledge row : rows) {
                database.save(row);
            }
            return database;
        }

        /** Null if it has no backers. */
        public ProjectStats stats(long project) {
            try {
                var row = table.stats(project);
                return row == null ? null : new ProjectStats(row.project(), row.backers());
            } catch (DownException e) {
                throw new IllegalStateException(e);
            }
        }

        public Map<Long, ProjectStats> stats(Collection<Long> projects) {
            try {
                Map<Long, ProjectStats> found = new LinkedHashMap<>();
                table.stats(projects)
                        .forEach((id, row) -> found.put(id, new ProjectStats(row.project(), row.backers())));
                return found;
            } catch (DownException e) {
                throw new IllegalStateException(e);
            }
        }

        public void save(Pledge pledge) {
            table.pledge(pledge.project(), pledge.backers());
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
