package io.levee.examples.incident.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.levee.examples.slowdisk.SlowDisk;
import io.levee.examples.slowdisk.TemporaryFolder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The site's database: projects, and the pledges that backers made to them. A project is one row by its key; the stats
 * read a long stretch of pledges, as long as {@link Calibration} finds it needs to be.
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
    public record PledgeStats(long pledges, long backers, long cents, long largestCents) {}

    private PledgeDatabase(HikariDataSource slots, Tables tables, Runnable onClose) {
        this.slots = slots;
        this.tables = tables;
        this.onClose = onClose;
    }

    /** An H2 database in a temporary folder, on a {@link SlowDisk}; deleted when closed. */
    public static PledgeDatabase embedded(int slots, int projects, int pledges) throws SQLException {
        TemporaryFolder folder = TemporaryFolder.create("levee-replay-database");
        SlowDisk.mount();
        // async: because H2's other files are closed by the interrupt of a thread that reads them, for every reader.
        String url = "jdbc:h2:slowdisk:async:" + folder.path().resolve("pledges")
                + ";CACHE_SIZE=1024;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=0";
        Tables tables = Tables.h2(projects, pledges);
        try {
            try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
                tables.create(connection);
                // Opened anew below: pages that were just written would be answered from memory.
                Tables.execute(connection, List.of("shutdown"));
            }
            SlowDisk.readsTake(Duration.ofMillis(2));
            HikariDataSource pool = pool(url, "sa", "", slots);
            return new PledgeDatabase(pool, tables, () -> {
                SlowDisk.readsTake(Duration.ZERO);
                pool.close();
                folder.close();
            });
        } catch (SQLException | RuntimeException e) {
            folder.close();
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
        HikariDataSource pool = pool(url, user, password, slots);
        Tables tables = Tables.postgres(projects, pledges);
        try (Connection connection = pool.getConnection()) {
            tables.create(connection);
        } catch (SQLException | RuntimeException e) {
            pool.close();
            throw e;
        }
        return new PledgeDatabase(pool, tables, () -> {
            dropTables(pool, tables);
            pool.close();
        });
    }

    private static void dropTables(HikariDataSource pool, Tables tables) {
        try (Connection connection = pool.getConnection()) {
            tables.drop(connection);
        } catch (SQLException e) {
            // They are left behind: the next replay begins by dropping them.
        }
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

    public PledgeStats pledgeStats() throws SQLException {
        try (Connection connection = slots.getConnection()) {
            gauge.begun(true);
            try {
                return stats(connection, pledgesPerStatsPage);
            } finally {
                gauge.ended();
            }
        }
    }

    private PledgeStats stats(Connection connection, int pledges) throws SQLException {
        // Each time another stretch of the table: here the favourite ones would fit into the database's memory, and the
        // very
        // queries that did the harm in the incident, where nothing fitted, would be no trouble at all.
        int before = ThreadLocalRandom.current().nextInt(Math.max(1, tables.pledges() - pledges + 1));
        try (PreparedStatement query = connection.prepareStatement(STATS_QUERY)) {
            query.setInt(1, 1 + before);
            query.setInt(2, before + pledges);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new PledgeStats(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            }
        }
    }

    /** Makes a stats query as slow as {@code target}, as far as the table is large enough for it. */
    public Calibration calibrate(Duration target) throws SQLException {
        try (Connection connection = slots.getConnection()) {
            Calibration calibration = Calibration.of(target, tables.pledges(), trialPledges -> {
                long began = System.nanoTime();
                stats(connection, trialPledges);
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
        onClose.run();
    }
}
