package io.levee.cache.faults;

import io.levee.cache.CacheLoader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;

/** A real database with a table of pages and a pool of connections, which can be made to hang and to fail. */
final class PagesDatabase implements CacheLoader<Integer, String>, AutoCloseable {
    static final int PAGES = 100;
    static final int POOL = 8;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url = "jdbc:h2:mem:pages" + DATABASES.incrementAndGet() + ";LOCK_TIMEOUT=60000";
    private final JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    PagesDatabase() throws SQLException {
        pool.setMaxConnections(POOL);
        pool.setLoginTimeout(60);
        execute("create table page (id int primary key, body varchar)");
        execute("insert into page select x, 'body of ' || x from system_range(0, " + (PAGES - 1) + ")");
    }

    @Override
    public String load(Integer key) throws SQLException {
        queries.incrementAndGet();
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try (Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select body from page where id = ? for update")) {
            select.setInt(1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        } finally {
            running.decrementAndGet();
        }
    }

    /** Every query hangs until what this returns is closed. */
    Connection lock() throws SQLException {
        Connection other = pool.getConnection();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("select * from page for update");
        }
        return other;
    }

    static void unlock(Connection lock) throws SQLException {
        lock.rollback();
        lock.setAutoCommit(true);
        lock.close();
    }

    /** Every query fails. */
    void breakDown() throws SQLException {
        execute("alter table page rename to page_gone");
    }

    void repair() throws SQLException {
        execute("alter table page_gone rename to page");
    }

    int queries() {
        return queries.get();
    }

    int running() {
        return running.get();
    }

    int mostRunning() {
        return mostRunning.get();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
