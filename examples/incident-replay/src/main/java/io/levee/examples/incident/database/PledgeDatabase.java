package io.levee.examples.incident.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * The site's database: projects, and the pledges that backers made to them. A project is one row by its key; the stats of a
 * week read a long range of pledges, as long as {@link Calibration} finds it needs to be.
 *
 * <p>At most {@code slots} queries run at once, as many as the pool has connections; the others wait for one.
 */
public final class PledgeDatabase implements AutoCloseable {
    private static final String PROJECT_QUERY = "select title, blurb, goal_cents from replay_project where id = ?";
    private static final String STATS_QUERY = "select count(*), count(distinct backer), sum(cents), max(cents)"
            + " from replay_pledge where id between ? and ?";

    private final HikariDataSource slots;
    private final QueryGauge gauge = new QueryGauge(System::nanoTime);
    private final Tables tables;
    private final Runnable onClose;
    private volatile int pledgesPerStatsPage = 1;

    /** One row of the project table. */
    public record Project(String title, String blurb, long goalCents) {}

    /** What a stats page shows. */
    public record WeekStats(long pledges, long backers, long cents, long largestCents) {}

    private PledgeDatabase(HikariDataSource slots, Tables tables, Runnable onClose) {
        this.slots = slots;
        this.tables = tables;
        this.onClose = onClose;
    }

    /** An H2 database in a temporary folder, on a {@link SlowDisk}; deleted when closed. */
    public static PledgeDatabase embedded(int slots, int projects, int pledges) throws SQLException {
        TemporaryFolder folder = TemporaryFolder.create("levee-replay-database");
        SlowDisk.mount();
        // A cache far smaller than the table: the stats queries read the disk, as they did in the incident.
        String url = "jdbc:h2:slowdisk:" + folder.path().resolve("pledges")
                + ";CACHE_SIZE=1024;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=0";
        Runnable onClose = () -> {
            SlowDisk.readsTake(Duration.ZERO);
            folder.close();
        };
        try {
            PledgeDatabase database = filled(pool(url, "sa", "", slots), Tables.h2(projects, pledges), onClose);
            SlowDisk.readsTake(Duration.ofMillis(2));
            return database;
        } catch (SQLException | RuntimeException e) {
            onClose.run();
            throw e;
        }
    }

    /** A database elsewhere, PostgreSQL by its dialect. Its replay_ tables are dropped when closed. */
    public static PledgeDatabase at(String url, String user, String password, int slots, int projects, int pledges)
            throws SQLException {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new SQLException("no JDBC driver on the class path accepts " + url, e);
        }
        return filled(pool(url, user, password, slots), Tables.postgres(projects, pledges), () -> {});
    }

    private static HikariDataSource pool(String url, String user, String password, int slots) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pledges");
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(slots);
        config.setMinimumIdle(slots);
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw new SQLException(
                    "cannot connect to " + url + ": " + e.getCause().getMessage(), e);
        }
    }

    private static PledgeDatabase filled(HikariDataSource pool, Tables tables, Runnable onClose) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            tables.create(connection);
        } catch (SQLException | RuntimeException e) {
            pool.close();
            throw e;
        }
        return new PledgeDatabase(pool, tables, onClose);
    }

    public Project project(int id) throws SQLException {
        try (Connection connection = slots.getConnection()) {
            gauge.begun(false);
            try (PreparedStatement query = connection.prepareStatement(PROJECT_QUERY)) {
                query.setInt(1, 1 + Math.floorMod(id, tables.projects()));
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return new Project(row.getString(1), row.getString(2), row.getLong(3));
                }
            } finally {
                gauge.ended();
            }
        }
    }

    public WeekStats week(int week) throws SQLException {
        try (Connection connection = slots.getConnection()) {
            gauge.begun(true);
            try {
                return stats(connection, week, pledgesPerStatsPage);
            } finally {
                gauge.ended();
            }
        }
    }

    private WeekStats stats(Connection connection, int week, int pledges) throws SQLException {
        int weekBegins = Math.floorMod(week * 7919, Math.max(1, tables.pledges() - pledges + 1));
        try (PreparedStatement query = connection.prepareStatement(STATS_QUERY)) {
            query.setInt(1, 1 + weekBegins);
            query.setInt(2, weekBegins + pledges);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new WeekStats(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            }
        }
    }

    /** Makes a stats query as slow as {@code target}, as far as the table is large enough for it. */
    public Calibration calibrate(Duration target) throws SQLException {
        try (Connection connection = slots.getConnection()) {
            Calibration calibration = Calibration.of(target, tables.pledges(), (week, pledges) -> {
                long began = System.nanoTime();
                stats(connection, week, pledges);
                return Duration.ofNanos(System.nanoTime() - began);
            });
            pledgesPerStatsPage = calibration.pledges();
            return calibration;
        }
    }

    public QueryGauge gauge() {
        return gauge;
    }

    /** What it is, for the report: product and version. */
    public String product() throws SQLException {
        try (Connection connection = slots.getConnection()) {
            return String.format(
                    Locale.ROOT,
                    "%s %s, %d slots, %,d pledges",
                    connection.getMetaData().getDatabaseProductName(),
                    connection.getMetaData().getDatabaseProductVersion(),
                    slots.getMaximumPoolSize(),
                    tables.pledges());
        }
    }

    @Override
    public void close() {
        try (Connection connection = slots.getConnection()) {
            tables.drop(connection);
        } catch (SQLException e) {
            // The tables are left behind: the next replay begins by dropping them.
        }
        slots.close();
        onClose.run();
    }
}
