package io.levee.cache.faults;

import io.levee.cache.LeasePolicy;
import io.levee.cache.Lookup;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A JVM that keeps some keys warm. It looks up the keys that it reads from its input, and ends when that does. */
final class PeriodicSite {
    static final String NAME = "pages";
    static final List<Integer> KEYS = List.of(1, 2, 3);
    static final Duration PERIOD = Duration.ofMillis(500);
    static final Duration FRESH = Duration.ofSeconds(5);
    static final Duration LEASE = Duration.ofSeconds(1);

    /** Begins an answer, and no line of the log. */
    static final String ANSWER = "answer: ";

    private PeriodicSite() {}

    /** {@code process-number database-port node...} */
    public static void main(String[] args) throws IOException {
        int process = Integer.parseInt(args[0]);
        int database = Integer.parseInt(args[1]);
        try (CacheClient client = client(Arrays.copyOfRange(args, 2, args.length))) {
            ReadThroughCache<Integer, String> pages = client.cache(NAME, Integer.class, String.class)
                    .loader(key -> FleetDatabase.load(database, process, key))
                    .expireAfterWrite(FRESH)
                    .lease(LeasePolicy.on(LEASE))
                    .periodicWriteThrough(PERIOD, KEYS)
                    .build();
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Lookup<String> found = pages.lookup(Integer.parseInt(line));
                System.out.println(ANSWER + found.source() + " " + found.value());
            }
        }
    }

    private static CacheClient client(String[] nodes) {
        return CacheClient.builder()
                .nodes(nodes)
                .reconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .build();
    }
}
