package io.levee.examples.consistency.run;

import io.levee.examples.consistency.link.Plant;
import io.levee.examples.consistency.worker.Operation;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a run is to be.
 *
 * @param seconds how long the nemesis is at work
 * @param seed decides what is called and what is broken, in which order; not how the processes' steps fall together
 * @param workers how many processes
 * @param threads how many callers in each
 * @param keys how many keys each cache has
 */
public record TrialSettings(
        int seconds, long seed, int workers, int threads, int keys, Plant plant, Set<Operation> operations) {
    public TrialSettings {
        operations = EnumSet.copyOf(operations);
    }
}
