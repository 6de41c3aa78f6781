package io.levee.examples.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.examples.site.nodes.NodeProcesses;
import io.levee.examples.site.projects.Category;
import io.levee.examples.site.projects.ProjectTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@SmallSite
class SiteTest {
    private static final int CATEGORIES = Category.values().length;

    @LocalServerPort
    private int port;

    @Autowired
    private CacheClient levee;

    @Autowired
    private NodeProcesses processes;

    @Autowired
    private ProjectTable table;

    private SiteClient visitor;

    @BeforeEach
    void visit() {
        visitor = new SiteClient(port);
    }

    @AfterEach
    void mendAll() {
        visitor.press("/ops/levee", "on=true");
        processes.addresses().forEach(address -> visitor.press("/ops/nodes/" + address + "/restart", ""));
        await().until(() -> levee.health().status() == HealthStatus.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "/, Make it happen",
        "/projects/7, Your pledge",
        "/stats, Town life",
        "/stats/games, Games",
        "/ops, Operations"
    })
    void page_isShown(String path, String text) {
        assertThat(visitor.get(path).statusCode()).isEqualTo(200);
        assertThat(visitor.get(path).body()).contains(text).contains("<title>");
    }

    @ParameterizedTest
    @CsvSource({
        "/projects/4711, 404, There is no project 4711.",
        "/projects/x, 400, To the projects",
        "/stats/y, 404, There is no category",
        "/nowhere, 404, There is nothing here"
    })
    void pageThatThereIsNot_saysSo(String path, int status, String text) {
        var answer = visitor.get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }

    @Test
    void pledge_isOnThePageAtOnce() {
        String before = visitor.get("/projects/9").body();

        int status = visitor.post("/projects/9/pledges", "euros=1234").statusCode();

        assertThat(status).isEqualTo(302);
        assertThat(raisedEuros(visitor.get("/projects/9").body())).isEqualTo(raisedEuros(before) + 1234);
    }

    private static int raisedEuros(String page) {
        String pledged = page.substring(page.indexOf("<dt>pledged</dt>"));
        return Integer.parseInt(pledged.substring(pledged.indexOf('€') + 1, pledged.indexOf("</dd>"))
                .replace(",", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "10001", "many", ""})
    void pledgeOfAnImpossibleSum_isRefused(String euros) {
        long queries = table.queries();

        assertThat(visitor.post("/projects/9/pledges", "euros=" + euros).statusCode())
                .isEqualTo(400);
        assertThat(table.queries()).isEqualTo(queries);
    }

    @Test
    void pledgeToAProjectThatThereIsNot_isNotFound() {
        assertThat(visitor.post("/projects/4711/pledges", "euros=5").statusCode())
                .isEqualTo(404);
    }

    @Test
    void allNodesKilled_statsAndProjectsAreServedWithoutTheDatabase() {
        visitor.get("/stats");
        visitor.get("/projects/5");
        processes
                .addresses()
                .forEach(address -> assertThat(visitor.press("/ops/nodes/" + address + "/kill", ""))
                        .isEqualTo(204));
        await().until(() -> levee.health().status() == HealthStatus.DOWN);
        long queries = table.queries();

        for (int i = 0; i < 20; i++) {
            assertThat(visitor.get("/stats").statusCode()).isEqualTo(200);
            assertThat(visitor.get("/projects/5").statusCode()).isEqualTo(200);
        }

        // Not one for a visitor; each category once if its period ended just now.
        assertThat(table.queries() - queries).isLessThanOrEqualTo(CATEGORIES);
    }

    @Test
    void leveeSwitchedOff_everyPageAsksTheDatabase() {
        visitor.get("/projects/6");
        assertThat(visitor.press("/ops/levee", "on=false")).isEqualTo(204);
        assertThat(visitor.press("/ops/levee", "on=false")).isEqualTo(409);
        long queries = table.queries();

        for (int i = 0; i < 5; i++) {
            visitor.get("/projects/6");
        }
        assertThat(table.queries() - queries).isEqualTo(5);

        visitor.press("/ops/levee", "on=true");
        long stats = table.statsQueries();
        queries = table.queries();
        visitor.get("/projects/6");
        assertThat(table.queries() - queries).isEqualTo(table.statsQueries() - stats);
    }
}
