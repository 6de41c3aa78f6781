package io.levee.examples.consistency.history;

import java.util.List;

/**
 * What one process did, from its start to its end.
 *
 * @param slot the worker that it was, from 1; a process that takes the place of a killed one has its slot
 * @param process its name, {@code w2.1}: the second process in slot 2
 * @param killedAt when it was killed; {@link #NEVER} if it was not
 */
public record ProcessHistory(int slot, String process, List<Event> events, long killedAt) {
    public static final long NEVER = Long.MAX_VALUE;

    public ProcessHistory {
        events = List.copyOf(events);
    }
}
