package io.levee.examples.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void everythingServed_summedUp_saysSo() {
        ClientRun run = run(phase("healthy", 600, 4, 0, 60, null), phase("3 dead", 599, 9, 0, 58, null));

        assertThat(Findings.of(List.of(run)))
                .containsExactly(
                        "levee: served all of the 600 requests/s in every phase; p99 at most 9 ms, in \"3 dead\";"
                                + " no errors; 60 database queries/s in \"healthy\" and never more.");
    }

    @Test
    void mostLost_summedUp_namesTheWorstPhaseAndTheCommonestError() {
        ClientRun run = run(
                phase("healthy", 600, 4, 0, 60, null),
                phase("2 dead", 500, 2_700, 10, 87, "504: no answer"),
                phase("3 dead", 25, 9_900, 5_656, 27, "503: queue full"));

        assertThat(Findings.of(List.of(run)))
                .containsExactly(
                        "levee: served 25 of 600 requests/s in \"3 dead\", its worst phase; p99 up to 9.9 s, in"
                                + " \"3 dead\"; 5,666 errors, most often \"503: queue full\"; 60 database queries/s in"
                                + " \"healthy\", at most 87, in \"2 dead\".");
    }

    @Test
    void runWithoutPhases_summedUp_saysNothing() {
        assertThat(Findings.of(List.of(run()))).isEmpty();
    }

    private static ClientRun run(PhaseSummary... phases) {
        return new ClientRun("levee", List.of(), List.of(), List.of(phases));
    }

    private static PhaseSummary phase(
            String name, double served, double p99Millis, long errors, double queries, String error) {
        return new PhaseSummary(name, 10, served, 600, errors, 1, p99Millis, p99Millis, 0, 0, 0, queries, 3, error);
    }
}
