package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Commit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When each version came to be. Version 1 was there from the beginning. */
final class Versions {
    private final Map<String, List<Commit>> byItem = new HashMap<>();

    Versions(List<Commit> commits) {
        for (Commit commit : commits) {
            byItem.computeIfAbsent(commit.item(), item -> new ArrayList<>()).add(commit);
        }
    }

    /** The commit of a version, or null: it is the first, or has not been committed. */
    Commit commit(String item, long version) {
        List<Commit> commits = byItem.getOrDefault(item, List.of());
        int index = (int) version - 2;
        return index >= 0 && index < commits.size() ? commits.get(index) : null;
    }

    /** Whether the version may have been read at {@code end}. */
    boolean existed(String item, long version, long end) {
        Commit commit = commit(item, version);
        return version == 1 || (commit != null && commit.start() <= end);
    }

    /** The version that had certainly been committed at {@code time}. */
    long at(String item, long time) {
        long version = 1;
        for (Commit commit : byItem.getOrDefault(item, List.of())) {
            if (commit.end() <= time) {
                version = commit.version();
            }
        }
        return version;
    }

    /** All items that were ever written. */
    Iterable<String> items() {
        return byItem.keySet();
    }
}
