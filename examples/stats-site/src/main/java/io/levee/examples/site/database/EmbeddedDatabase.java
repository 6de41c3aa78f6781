package io.levee.examples.site.database;

import io.levee.examples.site.SiteProperties;
import io.levee.examples.slowdisk.SlowDisk;
import io.levee.examples.slowdisk.TemporaryFolder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.springframework.boot.SpringApplication;

/**
 * An H2 database in a temporary folder, filled with projects and pledges. Its disk takes a while for each page, and its memory holds a
 * few only: so a query over many pledges is as slow as in a real database, which leaves the processor to what is to be seen.
 */
final class EmbeddedDatabase implements AutoCloseable {
    static final String USER = "sa";

    private final TemporaryFolder folder;
    private final String url;

    private EmbeddedDatabase(TemporaryFolder folder, String url) {
        this.folder = folder;
        this.url = url;
    }

    static EmbeddedDatabase create(SiteProperties properties) throws SQLException {
        TemporaryFolder folder = TemporaryFolder.create("levee-stats-site");
        // async: because H2's other files are closed by the interrupt of a thread that reads them, for every reader.
        String url = "jdbc:h2:slowdisk:async:" + folder.path().resolve("site")
                + ";CACHE_SIZE=1024;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=0";
        try {
            // After Ctrl-C during the start the beans may stay unclosed: Spring does not wait for a start that waits
            // for something.
            SpringApplication.getShutdownHandlers().add(folder::close);
            SlowDisk.readsTake(Duration.ZERO);
            Tables.H2.createIfMissing(url, USER, "", properties);
            // Opened anew by the pool: pages that were just written would be answered from memory.
            try (Connection connection = DriverManager.getConnection(url, USER, "");
                    Statement statement = connection.createStatement()) {
                statement.execute("shutdown");
            }
            SlowDisk.readsTake(properties.diskRead());
            return new EmbeddedDatabase(folder, url);
        } catch (SQLException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    String url() {
        return url;
    }

    /** Deletes it. The pool is closed by then. */
    @Override
    public void close() {
        SlowDisk.readsTake(Duration.ZERO);
        folder.close();
    }
}
