package io.levee.cache.spring.autoconfigure;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.CacheSettings;
import io.levee.cache.client.CacheClient;
import io.levee.cache.client.ClientSettings;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeCaches;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.core.NestedExceptionUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every property that the metadata tells of is set to something that is not its default, and read back where it ought to work. A property
 * that this test does not know fails it.
 */
class PropertiesHaveEffectTest {
    /** Nothing listens there; no test here needs an answer. */
    private static final String NODE = "127.0.0.1:1";

    /**
     * What to write, and where to see it.
     *
     * @param more other properties that it needs
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Effect(
            String value, Object expected, Function<AssertableApplicationContext, Object> actual, String... more) {}

    private static final Map<String, Effect> CLIENT = Map.ofEntries(
            entry(
                    "levee.enabled",
                    new Effect(
                            "false",
                            0,
                            context -> context.getBeansOfType(CacheClient.class).size())),
            entry(
                    "levee.nodes",
                    new Effect(
                            "127.0.0.1:2*3",
                            "127.0.0.1:2",
                            context -> context.getBean(CacheClient.class)
                                    .health()
                                    .nodes()
                                    .get(0)
                                    .address()
                                    .toString())),
            entry("levee.name", client("shop", "shop", ClientSettings::name)),
            entry("levee.key-prefix", client("shop-1", "shop-1", ClientSettings::keyPrefix)),
            entry("levee.operation-timeout", client("150ms", Duration.ofMillis(150), ClientSettings::operationTimeout)),
            entry("levee.connect-timeout", client("2s", Duration.ofSeconds(2), ClientSettings::connectTimeout)),
            entry("levee.reconnect-backoff.first", client("50ms", Duration.ofMillis(50), ClientSettings::backoffFirst)),
            entry("levee.reconnect-backoff.max", client("10s", Duration.ofSeconds(10), ClientSettings::backoffMax)),
            entry(
                    "levee.breaker.window",
                    client("12", 12, settings -> settings.breaker().window())),
            entry(
                    "levee.breaker.failure-rate-percent",
                    client("70", 70, settings -> settings.breaker().failureRatePercent())),
            entry(
                    "levee.outage.mode",
                    client("gutter", true, settings -> settings.outage().isGutter())),
            entry(
                    "levee.outage.gutter-ttl",
                    client(
                            "20s",
                            Duration.ofSeconds(20),
                            settings -> settings.outage().gutterTtl(),
                            "levee.outage.mode=gutter")),
            entry("levee.local-bytes", client("3MB", 3L * 1024 * 1024, ClientSettings::localBytes)),
            entry("levee.probe-interval", client("9s", Duration.ofSeconds(9), ClientSettings::probeInterval)),
            entry(
                    "levee.virtual-loader-threads",
                    new Effect("true", true, PropertiesHaveEffectTest::asksForVirtualThreads)),
            entry(
                    "levee.dynamic-caches",
                    new Effect(
                            "page-*",
                            true,
                            context -> context.getBean(CacheManager.class).getCache("page-1") != null)),
            entry(
                    "levee.caches",
                    new Effect(
                            "{own: {}}",
                            true,
                            context -> context.getBean(LeveeCaches.class)
                                    .configuredNames()
                                    .contains("own"))));

    /** By what follows {@code levee.defaults.} and {@code levee.caches.<name>.}. */
    private static final Map<String, Effect> CACHE = Map.ofEntries(
            entry("expire-after-write", cache("7m", Duration.ofMinutes(7), CacheSettings::expireAfterWrite)),
            entry("stale-for", cache("2h", Duration.ofHours(2), CacheSettings::staleFor)),
            entry("refresh-after-write", cache("3m", Duration.ofMinutes(3), CacheSettings::refreshAfterWrite)),
            entry("near-cache", cache("5s", Duration.ofSeconds(5), CacheSettings::nearCache)),
            entry("cache-absent", cache("40s", Duration.ofSeconds(40), CacheSettings::cacheAbsent)),
            entry("expiry-jitter", cache("0.2", 0.2, CacheSettings::expiryJitter)),
            entry("max-concurrent-loads", cache("5", 5, CacheSettings::maxConcurrentLoads)),
            entry("load-wait", cache("3s", Duration.ofSeconds(3), CacheSettings::loadWait)),
            entry(
                    "load-timeout.soft",
                    cache("1s", Duration.ofSeconds(1), CacheSettings::softLoadTimeout, "load-timeout.hard=4s")),
            entry("load-timeout.hard", cache("4s", Duration.ofSeconds(4), CacheSettings::hardLoadTimeout)),
            entry(
                    "lease.enabled",
                    cache("false", false, settings -> settings.lease().enabled())),
            entry(
                    "lease.ttl",
                    cache(
                            "15s",
                            Duration.ofSeconds(15),
                            settings -> settings.lease().ttl())),
            entry(
                    "periodic-write-through.period",
                    cache(
                            "2m",
                            Duration.ofMinutes(2),
                            CacheSettings::periodicWriteThrough,
                            "periodic-write-through.keys-read-within=20m")),
            entry(
                    "periodic-write-through.keys-read-within",
                    cache(
                            "20m",
                            Duration.ofMinutes(20),
                            settings -> settings.keysRead().within(),
                            "periodic-write-through.period=2m")),
            entry(
                    "periodic-write-through.keys-read-at-most",
                    cache(
                            "77",
                            77,
                            settings -> settings.keysRead().atMost(),
                            "periodic-write-through.period=2m",
                            "periodic-write-through.keys-read-within=20m")),
            entry("schema-version", cache("3", 3, CacheSettings::schemaVersion)),
            entry("value-type", new Effect("java.net.URI", true, PropertiesHaveEffectTest::keepsUris)));

    private static Effect client(
            String value, Object expected, Function<ClientSettings, Object> actual, String... more) {
        return new Effect(
                value,
                expected,
                context -> actual.apply(context.getBean(CacheClient.class).settings()),
                more);
    }

    private static Effect cache(String value, Object expected, Function<CacheSettings, Object> actual, String... more) {
        return new Effect(
                value,
                expected,
                context -> actual.apply(context.getBean(LeveeCaches.class)
                        .find("own")
                        .orElseThrow()
                        .settings()),
                more);
    }

    /** Only a cache that lives by Spring's annotations has a value type; the node is dead, so the fallback has it. */
    private static Object keepsUris(AssertableApplicationContext context) {
        CacheManager caches = context.getBean(CacheManager.class);
        caches.getCache("annotated").put("k", URI.create("urn:x"));
        return caches.getCache("annotated").get("k") != null;
    }

    /** Where there are none, who asks for them is refused. */
    private static Object asksForVirtualThreads(AssertableApplicationContext context) {
        if (context.getStartupFailure() == null) {
            return context.getBean(CacheClient.class).settings().virtualLoaderThreads();
        }
        return NestedExceptionUtils.getRootCause(context.getStartupFailure())
                .getMessage()
                .contains("virtualLoaderThreads");
    }

    static Stream<String> properties() throws Exception {
        List<String> names = new ArrayList<>();
        try (InputStream metadata =
                LeveeProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
                String name = property.get("name").asString();
                // Those of the actuator are Spring Boot's.
                if (name.startsWith("levee.")) {
                    names.add(name);
                }
            }
        }
        return names.stream();
    }

    static Stream<String> cacheProperties() {
        return leaves(CacheOptions.class, "");
    }

    private static Stream<String> leaves(Class<?> type, String prefix) {
        return Stream.of(type.getRecordComponents()).flatMap(component -> {
            String name = prefix + kebab(component);
            return component.getType().isRecord() ? leaves(component.getType(), name + ".") : Stream.of(name);
        });
    }

    private static String kebab(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void property_ofTheMetadata_hasAnEffect(String name) {
        String defaults = "levee.defaults.";
        Effect effect = name.startsWith(defaults) ? CACHE.get(name.substring(defaults.length())) : CLIENT.get(name);

        assertThat(effect).as("an effect of %s that this test knows", name).isNotNull();
        check(effect, name, defaults);
    }

    @ParameterizedTest
    @MethodSource("cacheProperties")
    void property_ofOneCache_hasAnEffect(String leaf) {
        Effect effect = CACHE.get(leaf);

        assertThat(effect).as("an effect of %s that this test knows", leaf).isNotNull();
        String cache = leaf.equals("value-type") ? "levee.caches.annotated." : "levee.caches.own.";
        check(effect, cache + leaf, cache);
    }

    private static void check(Effect effect, String name, String prefix) {
        // A map is set by what is in it.
        String set = name.equals("levee.caches") ? "levee.caches.own.load-wait=1s" : name + "=" + effect.value();
        ApplicationContextRunner without = Application.on(NODE)
                .withUserConfiguration(Application.Caching.class)
                .withBean("own", CacheDefinition.class, PropertiesHaveEffectTest::own)
                .withPropertyValues("levee.caches.annotated.load-wait=1s")
                .withPropertyValues(Stream.of(effect.more())
                        .map(more -> more.startsWith("levee.") ? more : prefix + more)
                        .toArray(String[]::new));

        without.run(context -> assertThat(
                        context.getStartupFailure() != null
                                ? "fails"
                                : effect.actual().apply(context))
                .as("without " + set)
                .isNotEqualTo(effect.expected()));
        without.withPropertyValues(set)
                .run(context ->
                        assertThat(effect.actual().apply(context)).as(set).isEqualTo(effect.expected()));
    }

    private static CacheDefinition<Long, String> own() {
        return CacheDefinition.of("own", Long.class, String.class).loader(id -> "v" + id);
    }

    @Test
    void property_ofOneCache_overridesItsDefinitionAndTheDefaults() {
        ApplicationContextRunner application = Application.on(NODE)
                .withBean("own", CacheDefinition.class, () -> own().loadWait(Duration.ofSeconds(2)))
                .withBean(
                        "other",
                        CacheDefinition.class,
                        () -> CacheDefinition.of("other", Long.class, String.class)
                                .loader(id -> "v"))
                .withPropertyValues(
                        "levee.defaults.load-wait=1m",
                        "levee.defaults.near-cache=5s",
                        "levee.caches.own.near-cache=0s");

        application.run(context -> {
            CacheSettings own = settings(context, "own");
            assertThat(own.loadWait()).isEqualTo(Duration.ofSeconds(2));
            assertThat(own.nearCache()).isEqualTo(Duration.ZERO);
            CacheSettings other = settings(context, "other");
            assertThat(other.loadWait()).isEqualTo(Duration.ofMinutes(1));
            assertThat(other.nearCache()).isEqualTo(Duration.ofSeconds(5));
        });
        application
                .withPropertyValues("levee.caches.own.load-wait=3s")
                .run(context -> assertThat(settings(context, "own").loadWait()).isEqualTo(Duration.ofSeconds(3)));
    }

    private static CacheSettings settings(AssertableApplicationContext context, String cache) {
        return context.getBean(LeveeCaches.class).find(cache).orElseThrow().settings();
    }

    @Test
    void defaults_ofTheProperties_areThoseOfTheBuilders() {
        Application.bare()
                .withPropertyValues("levee.name=same", "levee.nodes=" + NODE, "levee.defaults.expire-after-write=10m")
                .withBean("own", CacheDefinition.class, PropertiesHaveEffectTest::own)
                .run(context -> {
                    try (CacheClient plain =
                            CacheClient.builder().nodes(NODE).name("same").build()) {
                        assertThat(context.getBean(CacheClient.class).settings())
                                .usingRecursiveComparison()
                                .ignoringFields("discovery")
                                .isEqualTo(plain.settings());
                        assertThat(settings(context, "own"))
                                .isEqualTo(plain.cache("own", Long.class, String.class)
                                        .loader(id -> "v" + id)
                                        .expireAfterWrite(Duration.ofMinutes(10))
                                        .build()
                                        .settings());
                    }
                });
    }

    @Test
    void defaultsOfCaches_inTheMetadata_areThoseOfTheBuilder() throws Exception {
        List<String> defaults = new ArrayList<>();
        try (InputStream metadata =
                LeveeProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
                if (property.get("name").asString().startsWith("levee.defaults.") && property.has("defaultValue")) {
                    defaults.add(property.get("name").asString() + "="
                            + property.get("defaultValue").asString());
                }
            }
        }
        ApplicationContextRunner application =
                Application.on(NODE).withBean("own", CacheDefinition.class, PropertiesHaveEffectTest::own);

        assertThat(defaults).hasSizeGreaterThan(5);
        application.run(plain -> application
                .withPropertyValues(defaults.toArray(String[]::new))
                .run(told -> assertThat(settings(told, "own")).isEqualTo(settings(plain, "own"))));
    }
}
