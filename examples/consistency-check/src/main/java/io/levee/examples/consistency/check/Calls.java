package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.OfItem;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.ProcessHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one process read and loaded, item by item, in the order in which it began. */
final class Calls {
    private final ProcessHistory process;
    private final Map<String, List<OfItem>> byItem = new HashMap<>();

    Calls(ProcessHistory process) {
        this.process = process;
        for (Event event : process.events()) {
            if (event instanceof Read || event instanceof Load) {
                OfItem call = (OfItem) event;
                byItem.computeIfAbsent(call.item(), item -> new ArrayList<>()).add(call);
            }
        }
        byItem.values().forEach(calls -> calls.sort(Comparator.comparingLong(Event::start)));
    }

    ProcessHistory process() {
        return process;
    }

    /** Reads that returned a value, in the order in which they began. */
    List<Read> reads() {
        return byItem.values().stream()
                .flatMap(List::stream)
                .filter(call -> call instanceof Read read && read.hasValue())
                .map(Read.class::cast)
                .sorted(Comparator.comparingLong(Read::start))
                .toList();
    }

    /**
     * Whether a call that began by {@code begun} may have brought what is read at {@code time}: it was still under way then, or had
     * ended less than {@code keptNanos} before. A load lands a little after its loader has returned.
     */
    boolean reach(String item, long begun, long time, long keptNanos, long landingNanos) {
        for (OfItem call : of(item)) {
            if (call.start() > begun) {
                return false;
            }
            if (call.end() + keptNanos + (call instanceof Load ? landingNanos : 0) >= time) {
                return true;
            }
        }
        return false;
    }

    /** Whether a load of the item failed between the two times. */
    boolean failedToLoad(String item, long from, long to) {
        return of(item).stream()
                .anyMatch(call -> call instanceof Load load && load.failed() && load.end() >= from && load.end() <= to);
    }

    List<OfItem> of(String item) {
        return byItem.getOrDefault(item, List.of());
    }
}
