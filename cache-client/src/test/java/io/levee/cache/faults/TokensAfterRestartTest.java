package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.MemcachedLine;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A server that starts anew counts its tokens from the beginning, and comes to give one out that it gave out before. */
class TokensAfterRestartTest {
    private static final String KEY = "pages:0";
    private static final String OTHER = "other";
    private static final Pattern TOKEN = Pattern.compile("^HD c(\\d+)");
    private static final int TRIES = 10_000;

    private final ChangingDatabase database = new ChangingDatabase();

    @Test
    void loadFromBeforeTheRestart_newServerReachesItsToken_doesNotOverwriteWhatIsThere() throws Exception {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient().build()) {
            MemcachedNode node = cluster.node(0);
            MemcachedLine line = new MemcachedLine(node);
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(Duration.ofHours(1))
                    .build();
            // High enough that the new server is not past it before we look.
            for (int i = 0; i < 500; i++) {
                line.store(OTHER, 0, "x");
            }
            ChangingDatabase.HeldLoad load = database.holdNextLoad();
            CompletableFuture<String> loaded = cache.getAsync(0);
            load.awaitBegun();
            long token = token(line, KEY);

            node.kill();
            awaitDown(client, node);
            node.start();
            awaitUp(client, node);
            for (int i = 0; i < TRIES && token(line, OTHER) < token - 1; i++) {
                line.store(OTHER, 0, "x");
            }
            line.store(KEY, 0, "newer");
            assertThat(token(line, KEY)).as("the token given out again").isEqualTo(token);

            load.end();

            assertThat(loaded.get(20, TimeUnit.SECONDS)).isEqualTo(ChangingDatabase.value("v1", 0));
            // Whatever the load has sent was sent before this, on the same connection.
            cache.peek(1);
            assertThat(line.say("mg " + KEY + " s c")).isEqualTo("HD s5 c" + token);
            assertThat(database.loads()).isEqualTo(1);
        }
    }

    /** 0 if there is no such item. */
    private static long token(MemcachedLine line, String key) {
        String answer = line.say("mg " + key + " c");
        Matcher token = TOKEN.matcher(answer);
        return token.find() ? Long.parseLong(token.group(1)) : 0;
    }
}
