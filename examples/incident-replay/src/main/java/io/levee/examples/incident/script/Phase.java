package io.levee.examples.incident.script;

import java.util.List;

/**
 * A stretch of the script that is measured as one.
 *
 * @param counted whether it belongs to the result; the warm-up does not
 * @param steps in the order of their times
 */
public record Phase(String name, int seconds, boolean counted, List<Step> steps) {
    public Phase {
        steps = List.copyOf(steps);
    }
}
