package io.levee.examples.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.examples.site.load.Visitors;
import io.levee.examples.site.projects.ProjectTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** The incident, as anyone can have it on {@code /ops}: more visitors than the database bears. */
@SmallSite
@TestPropertySource(
        properties = {
            "site.pledges=20000",
            "site.disk-read=8ms",
            "site.visitors=150",
            "spring.datasource.hikari.connection-timeout=1000",
            "levee.caches.public-stats.load-wait=30s"
        })
class DrowningTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @LocalServerPort
    private int port;

    @Autowired
    private Visitors visitors;

    @Autowired
    private ProjectTable table;

    @Test
    void leveeSwitchedOff_drownsTheDatabaseAndNotTheOpsPage() {
        SiteClient visitor = new SiteClient(port);
        assertThat(visitor.get("/stats").statusCode()).isEqualTo(200);

        visitor.press("/ops/levee", "on=false");
        long lost = visitors.lost();
        await().atMost(PATIENCE).until(() -> visitors.onTheSite() > 100 || visitors.lost() > lost + 50);

        assertThat(visitors.onTheSite()).isLessThanOrEqualTo(Visitors.MOST_AT_ONCE);
        assertThat(visitor.get("/ops").statusCode()).isEqualTo(200);

        visitor.press("/ops/levee", "on=true");
        await().atMost(PATIENCE).until(() -> visitors.onTheSite() < 20);
        long statsQueries = table.statsQueries();
        for (int i = 0; i < 20; i++) {
            assertThat(visitor.get("/stats").statusCode()).isEqualTo(200);
        }
        assertThat(table.statsQueries() - statsQueries).isLessThanOrEqualTo(8);
    }
}
