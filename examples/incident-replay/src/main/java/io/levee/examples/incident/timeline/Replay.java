package io.levee.examples.incident.timeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The whole replay. */
public record Replay(
        String scenario,
        Map<String, String> settings,
        Instant startedAt,
        String machine,
        List<ClientRun> runs,
        boolean interrupted) {}
