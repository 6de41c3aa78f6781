package io.levee.examples.incident.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VisitsTest {
    @Test
    void manyVisits_counted_askForTheShareOfStatsPages() {
        List<Page> pages = visits(0.2, 1, 50_000);

        double share = pages.stream().filter(Page::isStats).count() / 50_000.0;
        assertThat(share).isCloseTo(0.2, within(0.01));
        assertThat(pages).contains(Page.project(0), Page.project(99), Page.stats(0), Page.stats(9));
    }

    @Test
    void sameSeed_drawnTwice_givesTheSamePages() {
        assertThat(visits(0.5, 3, 1_000)).isEqualTo(visits(0.5, 3, 1_000)).isNotEqualTo(visits(0.5, 4, 1_000));
    }

    private static List<Page> visits(double statsShare, long seed, int count) {
        Visits visits = new Visits(100, 10, statsShare, new Random(seed));
        return Stream.generate(visits::next).limit(count).toList();
    }
}
