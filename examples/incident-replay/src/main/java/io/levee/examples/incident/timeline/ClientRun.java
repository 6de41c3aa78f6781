package io.levee.examples.incident.timeline;

import java.util.List;

/** All that one client went through. */
public record ClientRun(String client, List<Sample> samples, List<Event> events, List<PhaseSummary> phases) {}
