package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventBadgesTest {
    @Test
    void of_threeEventsAtOnce_shareABadge() {
        EventBadges badges = EventBadges.of(Course.of(SampleReplays.crash().runs()), Breadth.WIDE);

        assertThat(badges.badges().stream().map(EventBadges.Badge::text)).containsExactly("1", "2", "3", "4–6");
    }

    @Test
    void of_crowdedDrawing_hasNoneRatherThanOneForAll() {
        Course flapping = Course.of(SampleReplays.flap20Minutes().runs());

        assertThat(EventBadges.of(flapping, Breadth.NARROW).badges()).isEmpty();
        assertThat(EventBadges.of(flapping, Breadth.WIDE).badges()).isNotEmpty();
    }
}
