package io.levee.cache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheWriter;
import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.ValueType;
import io.levee.examples.memcached.MemcachedNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Caches that beans define, and where they are injected. */
class CacheBeansTest {
    record Stats(long project, int backers) {}

    /** What has caches injected. */
    record Page(
            ReadThroughCache<Long, Stats> stats,
            ReadThroughCache<Long, String> names,
            ReadThroughCache<Long, String> places,
            ReadThroughCache<UUID, List<Stats>> lists) {}

    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Site {
        @Bean
        CacheDefinition<Long, Stats> projectStats() {
            return CacheDefinition.of("project-stats", Long.class, Stats.class).loader(id -> new Stats(id, 7));
        }

        @Bean
        CacheDefinition<Long, String> names() {
            return CacheDefinition.of("names", Long.class, String.class).loader(id -> "name " + id);
        }

        @Bean
        CacheDefinition<Long, String> places() {
            return CacheDefinition.of("places", Long.class, String.class).loader(id -> "place " + id);
        }

        @Bean
        CacheDefinition<UUID, List<Stats>> lists() {
            return CacheDefinition.of("lists", UUID.class, new ValueType<List<Stats>>() {})
                    .loader(id -> List.of(new Stats(id.getLeastSignificantBits(), 1)));
        }

        @Bean
        Page page(
                ReadThroughCache<Long, Stats> stats,
                @Qualifier("names") ReadThroughCache<Long, String> names,
                @Qualifier("places") ReadThroughCache<Long, String> places,
                ReadThroughCache<UUID, List<Stats>> lists) {
            return new Page(stats, names, places, lists);
        }
    }

    @Test
    void definition_asABean_makesItsCacheOneByTypesAndQualifier() {
        node.restart();
        Application.on(node).withUserConfiguration(Site.class).run(context -> {
            Page page = context.getBean(Page.class);
            assertThat(page.stats().name()).isEqualTo("project-stats");
            assertThat(page.stats().get(1L)).isEqualTo(new Stats(1, 7));
            assertThat(page.names().get(1L)).isEqualTo("name 1");
            assertThat(page.places().get(1L)).isEqualTo("place 1");
            assertThat(page.lists().get(new UUID(0, 5))).containsExactly(new Stats(5, 1));
        });
    }

    @Test
    void definition_genericValues_areReadBackFromMemcached() {
        node.restart();
        Application.on(node).withUserConfiguration(Site.class).run(here -> {
            here.getBean(Page.class).lists().put(new UUID(0, 5), List.of(new Stats(5, 2)));
            Application.on(node).withUserConfiguration(Site.class).run(there -> {
                var found = there.getBean(Page.class).lists().lookup(new UUID(0, 5));
                assertThat(found.value()).containsExactly(new Stats(5, 2));
                assertThat(found.source()).isEqualTo(Source.MEMCACHED);
            });
        });
    }

    static class StatsPage {
        int calls;

        @Cacheable("project-stats")
        public Stats show(long id) {
            calls++;
            return new Stats(id, -1);
        }
    }

    @Test
    void cacheable_onADefinedCacheThatLoads_isAnsweredByItsLoader() {
        node.restart();
        Application.on(node)
                .withUserConfiguration(Site.class, Application.Caching.class)
                .withBean(StatsPage.class)
                .run(context -> {
                    assertThat(context.getBean(StatsPage.class).show(3)).isEqualTo(new Stats(3, 7));
                    assertThat(context.getBean(CacheManager.class).getCacheNames())
                            .containsExactly("lists", "names", "places", "project-stats");
                });
    }

    @LoaderOf("users")
    static class Users implements CacheLoader<Integer, String>, BulkLoader<Integer, String> {
        @Override
        public String load(Integer id) {
            return "user " + id;
        }

        @Override
        public Map<Integer, String> loadAll(Collection<? extends Integer> ids) {
            return ids.stream().collect(Collectors.toMap(Function.identity(), id -> "one of many " + id));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Loaders {
        @Bean
        Users users() {
            return new Users();
        }

        @Bean("tags-of")
        CacheLoader<Long, List<String>> tagsOf() {
            return id -> List.of("tag " + id);
        }

        @Bean
        @LoaderOf("prices")
        CacheLoader<String, Long> priceLoader() {
            return code -> (long) code.length();
        }

        @Bean
        CacheLoader<String, String> somethingElse() {
            return code -> "not a cache";
        }
    }

    record Shop(
            ReadThroughCache<Integer, String> users,
            ReadThroughCache<Long, List<String>> tags,
            ReadThroughCache<String, Long> prices) {}

    @Test
    void loader_thatNamesItsCache_definesIt() {
        node.restart();
        Application.on(node)
                .withUserConfiguration(Loaders.class)
                .withBean(Shop.class)
                .withPropertyValues("levee.caches.tags-of.near-cache=3s")
                .run(context -> {
                    Shop shop = context.getBean(Shop.class);
                    assertThat(shop.users().name()).isEqualTo("users");
                    assertThat(shop.users().get(1)).isEqualTo("user 1");
                    assertThat(shop.users().getAll(List.of(2, 3))).containsEntry(2, "one of many 2");
                    assertThat(shop.tags().name()).isEqualTo("tags-of");
                    assertThat(shop.tags().get(1L)).containsExactly("tag 1");
                    assertThat(shop.tags().settings().nearCache()).hasSeconds(3);
                    assertThat(shop.prices().get("abc")).isEqualTo(3);
                    assertThat(context.getBeansOfType(ReadThroughCache.class)).hasSize(3);
                });
    }

    /** A table that is written by the cache. */
    static class Table implements CacheLoader<Long, String>, CacheWriter<Long, String> {
        final Map<Long, String> rows = new ConcurrentHashMap<>();
        final List<String> written = new CopyOnWriteArrayList<>();

        @Override
        public String load(Long id) {
            return rows.get(id);
        }

        @Override
        public void write(Long id, String row) {
            written.add(id + " " + row);
            rows.put(id, row);
        }

        @Override
        public void delete(Long id) {
            written.add(id + " gone");
            rows.remove(id);
        }
    }

    /** Methods on that cache. */
    static class Rows {
        @CachePut(cacheNames = "rows", key = "#id")
        public String save(long id, String row) {
            return row;
        }

        @CacheEvict("rows")
        public void forget(long id) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Written {
        @Bean
        @LoaderOf("rows")
        Table table() {
            return new Table();
        }
    }

    @Test
    void loader_thatWritesToo_writesForPutsAndNotForSpringsAnnotations() {
        node.restart();
        Application.on(node)
                .withUserConfiguration(Written.class, Application.Caching.class)
                .withBean(Rows.class)
                .run(context -> {
                    Table table = context.getBean(Table.class);
                    @SuppressWarnings("unchecked") // the only cache there is
                    ReadThroughCache<Long, String> rows = context.getBean(ReadThroughCache.class);
                    rows.put(1L, "one");
                    assertThat(table.written).containsExactly("1 one");

                    context.getBean(Rows.class).save(1, "by the method");
                    assertThat(rows.get(1L)).isEqualTo("by the method");
                    context.getBean(Rows.class).forget(1);
                    assertThat(rows.get(1L)).isEqualTo("one");
                    assertThat(table.written).containsExactly("1 one");
                });
    }
}
