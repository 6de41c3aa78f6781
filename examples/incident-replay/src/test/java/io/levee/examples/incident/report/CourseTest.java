package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.report.Course.Span;
import io.levee.examples.incident.timeline.NodeStatus;
import org.junit.jupiter.api.Test;

class CourseTest {
    @Test
    void of_nodesThatFaredAlike_hasOneGroupWhoseChangesLieAtTheEvents() {
        Course course = Course.of(SampleReplays.crash().runs());

        assertThat(course.nodes()).hasSize(1);
        assertThat(course.nodes().get(0).rows().get(0))
                .containsExactly(
                        new Span<>(0, 18.05, NodeStatus.UP),
                        new Span<>(18.05, 48.05, NodeStatus.KILLED),
                        new Span<>(48.05, 58, NodeStatus.UP));
    }

    @Test
    void of_runThatWasCutShort_isAlikeAsFarAsItWent() {
        assertThat(Course.of(SampleReplays.interrupted().runs()).nodes()).hasSize(1);
    }

    @Test
    void of_sameEventOfTwoClients_isOneHappening() {
        Course course = Course.of(SampleReplays.crash().runs());

        assertThat(course.happenings().stream().filter(Happening::isMarked))
                .hasSize(6)
                .allMatch(happening -> happening.runs().size() == 2);
    }

    @Test
    void of_noRuns_isEmpty() {
        Course course = Course.of(SampleReplays.withoutRuns().runs());

        assertThat(course.phases()).isEmpty();
        assertThat(course.nodes()).isEmpty();
    }
}
