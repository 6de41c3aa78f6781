package io.levee.examples.site.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VisitsTest {
    private static final int MANY = 100_000;
    private static final int PROJECTS = 48;

    private final Map<String, Integer> paths = new TreeMap<>();

    private int of(String start) {
        return paths.entrySet().stream()
                .filter(path -> path.getKey().startsWith(start))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    @Test
    void visits_goToFewProjectsMostly() {
        Visits visits = new Visits(PROJECTS);
        Random random = new Random(11);
        for (int i = 0; i < MANY; i++) {
            paths.merge(visits.next(random), 1, Integer::sum);
        }

        assertThat(of("/stats/") / (double) MANY).isBetween(0.19, 0.21);
        assertThat(paths.get("/") / (double) MANY).isBetween(0.04, 0.06);
        assertThat(paths.keySet().stream().filter(path -> path.startsWith("/projects/")))
                .hasSize(PROJECTS)
                .contains("/projects/1", "/projects/48")
                .doesNotContain("/projects/0", "/projects/49");
        // Zipf: the tenth is visited a tenth as often as the first.
        assertThat(paths.get("/projects/1") / (double) paths.get("/projects/2")).isBetween(1.8, 2.2);
        assertThat(paths.get("/projects/1") / (double) paths.get("/projects/10"))
                .isBetween(8.0, 12.0);
    }
}
