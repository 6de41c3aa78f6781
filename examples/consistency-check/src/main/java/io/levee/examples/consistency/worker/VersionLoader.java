package io.levee.examples.consistency.worker;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.examples.consistency.database.VersionClient;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.HistoryFile;
import io.levee.examples.consistency.history.Terms;
import io.levee.examples.consistency.history.Value;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loads one cache's values. Some loads dawdle after they have read, so that what they bring is out of date when it is to be cached;
 * a few fail.
 */
final class VersionLoader implements CacheLoader<String, String>, BulkLoader<String, String> {
    private static final int SLOW_PERCENT = 25;
    private static final int FAILING_PERCENT = 1;

    private final String cache;
    private final String process;
    private final VersionClient database;
    private final HistoryFile history;
    private final long longestMillis;

    VersionLoader(String cache, String process, VersionClient database, HistoryFile history) {
        this.cache = cache;
        this.process = process;
        this.database = database;
        this.history = history;
        longestMillis = Terms.ofRun().longestLoad().toMillis();
    }

    @Override
    public String load(String key) throws IOException, InterruptedException {
        return loadAll(List.of(key)).get(key);
    }

    /** What came of it is written down for each key with the times of the whole: that is when others may have joined it. */
    @Override
    public Map<String, String> loadAll(Collection<? extends String> keys) throws IOException, InterruptedException {
        Map<String, Long> versions = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        long start = System.nanoTime();
        boolean loaded = false;
        try {
            failNowAndThen();
            for (String key : keys) {
                String item = cache + "/" + key;
                versions.put(item, database.read(item));
                values.put(key, new Value(item, versions.get(item), process).toString());
            }
            dawdle();
            loaded = true;
            return values;
        } finally {
            long end = System.nanoTime();
            for (String key : keys) {
                String item = cache + "/" + key;
                history.add(new Load(item, start, end, loaded ? versions.get(item) : 0));
            }
        }
    }

    private static void failNowAndThen() throws IOException {
        if (ThreadLocalRandom.current().nextInt(100) < FAILING_PERCENT) {
            throw new IOException("this load was meant to fail");
        }
    }

    private void dawdle() throws InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(100) < SLOW_PERCENT) {
            Thread.sleep(random.nextLong(longestMillis / 10, longestMillis));
        }
    }
}
