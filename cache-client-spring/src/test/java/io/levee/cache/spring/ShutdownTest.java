package io.levee.cache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** In which order an application goes down. */
class ShutdownTest {
    /** The phase in which Boot's web servers stop to take requests and wait for those that they have. */
    private static final int WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 2048;

    private static final Duration PERIOD = Duration.ofMillis(20);

    private static MemcachedNode node;

    /** Goes with the same period, in a client that is not going down. */
    private static CacheClient clock;

    private static final AtomicInteger ticks = new AtomicInteger();

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
        clock = CacheClient.builder().nodes(node.address()).build();
        clock.cache("clock", String.class, Integer.class)
                .loader(key -> ticks.incrementAndGet())
                .expireAfterWrite(Duration.ofMinutes(1))
                .periodicWriteThrough(PERIOD, List.of("tick"))
                .build();
    }

    @AfterAll
    static void stop() {
        clock.close();
        node.close();
    }

    /** Reads the cache whenever it is stopped or destroyed. */
    private static final class LastReader implements SmartLifecycle, DisposableBean {
        private final ReadThroughCache<Long, String> cache;
        private final AtomicInteger rounds;
        private final List<String> seen;
        private boolean running;

        LastReader(ReadThroughCache<Long, String> cache, AtomicInteger rounds, List<String> seen) {
            this.cache = cache;
            this.rounds = rounds;
            this.seen = seen;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            // A load that was under way goes on.
            awaitTicks(3);
            int before = rounds.get();
            awaitTicks(6);
            seen.add("web server: " + cache.get(7L) + ", rounds " + (rounds.get() - before));
        }

        private static void awaitTicks(int more) {
            int before = ticks.get();
            await().until(() -> ticks.get() >= before + more);
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return WEB_SERVER;
        }

        @Override
        public void destroy() {
            seen.add("bean: " + cache.get(8L));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Site {
        final AtomicInteger rounds = new AtomicInteger();
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Bean
        CacheDefinition<Long, String> names() {
            return CacheDefinition.of("names", Long.class, String.class)
                    .loader(id -> {
                        if (id == 1) {
                            rounds.incrementAndGet();
                        }
                        return "name " + id;
                    })
                    .periodicWriteThrough(PERIOD, List.of(1L));
        }

        @Bean
        LastReader lastReader(ReadThroughCache<Long, String> names) {
            return new LastReader(names, rounds, seen);
        }
    }

    private static Set<String> threads(String client) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("levee-" + client + "-") || name.startsWith("levee-spring-"))
                .collect(Collectors.toSet());
    }

    @Test
    void close_schedulesStopFirstAndTheClientLast() {
        List<String> seen = new ArrayList<>();
        Application.on(node)
                .withUserConfiguration(Site.class, Application.Caching.class)
                .withPropertyValues("levee.name=going-down")
                .run(context -> {
                    Site site = context.getBean(Site.class);
                    await().until(() -> site.rounds.get() > 2);
                    assertThat(threads("going-down")).isNotEmpty();
                    context.close();
                    seen.addAll(site.seen);
                });

        assertThat(seen).containsExactly("web server: name 7, rounds 0", "bean: name 8");
        // spymemcached's own thread ends a moment after it was told to.
        await().until(() -> threads("going-down").isEmpty());
    }

    @Test
    void stopAndStart_goesOn() {
        Application.on(node).withUserConfiguration(Site.class).run(context -> {
            Site site = context.getBean(Site.class);
            ConfigurableApplicationContext application =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            application.stop();
            application.start();

            int before = site.rounds.get();
            await().until(() -> site.rounds.get() > before + 1);
            assertThat(context.getBean(CacheClient.class).health().nodes()).hasSize(1);
        });
    }
}
