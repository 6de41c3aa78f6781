package io.levee.cache.spring.method;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An H2 database of its own, which knows what it was asked. Any number of applications may use one. */
public final class StatsDatabase implements AutoCloseable {
    /** What every row of a project adds up to. */
    public record Stats(long project, long backers) {}

    private final Connection connection;
    /** Each query, as the projects that it asked for. */
    public final List<List<Long>> queries = new CopyOnWriteArrayList<>();

    public volatile boolean down;
    /** If there is one, queries wait for it. */
    public volatile CountDownLatch gate = new CountDownLatch(0);

    public StatsDatabase() {
        try {
            connection = DriverManager.getConnection("jdbc:h2:mem:");
            connection.createStatement().execute("create table pledge(project bigint, backers bigint)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static final class DownException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    public void pledge(long project, long backers) {
        try (PreparedStatement insert = connection.prepareStatement("insert into pledge values (?, ?)")) {
            insert.setLong(1, project);
            insert.setLong(2, backers);
            insert.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null if it has no backers. */
    public Stats stats(long project) throws DownException {
        return stats(List.of(project)).get(project);
    }

    public Map<Long, Stats> stats(Collection<Long> projects) throws DownException {
        queries.add(new ArrayList<>(projects));
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (down) {
            throw new DownException();
        }
        Map<Long, Stats> found = new LinkedHashMap<>();
        for (long project : projects) {
            long backers = sum(project);
            if (backers > 0) {
                found.put(project, new Stats(project, backers));
            }
        }
        return found;
    }

    private synchronized long sum(long project) {
        try (PreparedStatement query =
                connection.prepareStatement("select coalesce(sum(backers), 0) from pledge where project = ?")) {
            query.setLong(1, project);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public long queriesFor(long project) {
        return queries.stream().filter(query -> query.contains(project)).count();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
