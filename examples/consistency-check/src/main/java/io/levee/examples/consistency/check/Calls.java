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
     * When the last call ended of those that began by {@code begun} and had not ended before {@code since}; {@code since} if there is
     * none. What such a call brings may be from before {@code begun}.
     */
    long lastEnd(String item, long begun, long since) {
        long end = since;
        for (OfItem call : of(item)) {
            if (call.start() > begun) {
                break;
            }
            end = Math.max(end, call.end());
        }
        return end;
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
