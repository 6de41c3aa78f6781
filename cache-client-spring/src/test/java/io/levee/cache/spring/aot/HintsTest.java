package io.levee.cache.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheStats;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.ValueType;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.LoaderOf;
import io.levee.cache.spring.actuate.LeveeEndpoint;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.autoconfigure.LeveeAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeCachingAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeEndpointAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeProperties;
import io.levee.examples.memcached.MemcachedNode;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.ExecutableHint;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** What a native image is told of: all that the starter and the client reach by reflection. */
class HintsTest {
    private static final ReflectionHintsPredicates REFLECTION = RuntimeHintsPredicates.reflection();

    /** Without a node, as applications are built. */
    private static RuntimeHints hints(ApplicationContextRunner application) {
        RuntimeHints[] hints = new RuntimeHints[1];
        application.prepare(context -> {
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("generated", "Application")), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator()
                    .processAheadOfTime((GenericApplicationContext) context.getSourceApplicationContext(), generation);
            hints[0] = generation.getRuntimeHints();
        });
        return hints[0];
    }

    private static RuntimeHints hints(Class<?>... configuration) {
        return hints(Application.bare().withUserConfiguration(configuration));
    }

    private static void assertIsReadAsJson(RuntimeHints hints, Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            assertThat(REFLECTION.onConstructorInvocation(constructor)).accepts(hints);
        }
        Arrays.stream(type.getRecordComponents())
                .forEach(component -> assertThat(REFLECTION.onMethodInvocation(component.getAccessor()))
                        .accepts(hints));
    }

    record Owner(String name) {}

    record Stats(long project, Owner owner) {}

    record Question(Owner asker, int page) {}

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Test
    void spymemcachedsLogger_whichAPropertyNames_canBeMade() throws Exception {
        CacheClient.builder().nodes("127.0.0.1:1").build().close();
        Class<?> logger = Class.forName(System.getProperty("net.spy.log.LoggerImpl"));
        assertThat(REFLECTION.onConstructorInvocation(logger.getConstructor(String.class)))
                .accepts(hints(Nothing.class));
    }

    /** Which they are depends on what the client asks of its caches, and is seen from those of a running client. */
    @Test
    void caffeinesClasses_thatTheClientHas_canBeMade() {
        RuntimeHints hints = hints(Nothing.class);
        Set<String> found = new TreeSet<>();
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            Application.on(node)
                    .withBean(
                            "stats",
                            CacheDefinition.class,
                            () -> CacheDefinition.of("stats", Long.class, String.class)
                                    .loader(id -> "of " + id))
                    .withPropertyValues(
                            "levee.caches.stats.periodic-write-through.period=5m",
                            "levee.caches.stats.periodic-write-through.keys-read-within=5m")
                    .run(context -> {
                        @SuppressWarnings("unchecked") // the only cache there is
                        ReadThroughCache<Long, String> stats = context.getBean(ReadThroughCache.class);
                        assertThat(stats.get(1L)).isEqualTo("of 1");
                        Matcher caffeine = Pattern.compile("com\\.github\\.benmanes\\.caffeine\\.cache\\.[A-Z]{4,}\\b")
                                .matcher(classesOfLivingObjects());
                        while (caffeine.find()) {
                            found.add(caffeine.group());
                        }
                    });
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(8).allSatisfy(name -> {
            Class<?> type = ClassUtils.resolveClassName(name, null);
            Class<?> caches = ClassUtils.resolveClassName("com.github.benmanes.caffeine.cache.BoundedLocalCache", null);
            if (caches.isAssignableFrom(type)) {
                assertThat(REFLECTION.onFieldAccess(type, "FACTORY")).accepts(hints);
            } else {
                assertThat(REFLECTION.onConstructorInvocation(type.getDeclaredConstructor()))
                        .accepts(hints);
            }
        });
    }

    private static String classesOfLivingObjects() throws Exception {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    @Test
    void jackson_isFoundWhereItIsThere() {
        assertThat(REFLECTION.onType(TypeReference.of("tools.jackson.databind.json.JsonMapper")))
                .accepts(hints(Nothing.class));
    }

    @Test
    void virtualThreads_ofANewerJdk_canBeMade() {
        RuntimeHints hints = hints(Nothing.class);
        assertThat(methods(hints, "java.lang.Thread")).containsExactly("ofVirtual");
        assertThat(methods(hints, "java.lang.Thread$Builder$OfVirtual"))
                .containsExactlyInAnyOrder("name", "inheritInheritableThreadLocals", "factory");
    }

    /** By name, as this JDK need not have them. */
    private static Stream<String> methods(RuntimeHints hints, String type) {
        return hints.reflection().getTypeHint(TypeReference.of(type)).methods().map(ExecutableHint::getName);
    }

    @Test
    void properties_canBeBound() {
        RuntimeHints hints = hints(Nothing.class);
        assertThat(REFLECTION.onConstructorInvocation(LeveeProperties.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(REFLECTION.onConstructorInvocation(CacheOptions.Lease.class.getDeclaredConstructors()[0]))
                .accepts(hints);
    }

    @Test
    void simpleKey_itsElements_canBeRead() {
        assertThat(REFLECTION.onFieldAccess(SimpleKey.class, "params")).accepts(hints(Nothing.class));
        RuntimeHints withoutOwnAnnotations = hints(new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(LeveeAutoConfiguration.class, LeveeCachingAutoConfiguration.class))
                .withUserConfiguration(Application.Caching.class));
        assertThat(REFLECTION.onFieldAccess(SimpleKey.class, "params")).accepts(withoutOwnAnnotations);
    }

    @Configuration(proxyBeanMethods = false)
    static class Defined {
        @Bean
        CacheDefinition<Long, List<Stats>> lists() {
            return CacheDefinition.of("lists", Long.class, new ValueType<List<Stats>>() {});
        }
    }

    @Test
    void definition_itsValuesAndTheMethodThatBuildsIt_areThere() throws Exception {
        RuntimeHints hints = hints(Defined.class);
        assertIsReadAsJson(hints, Stats.class);
        assertIsReadAsJson(hints, Owner.class);
        assertThat(REFLECTION.onMethodInvocation(LeveeCaches.class.getMethod("build", CacheDefinition.class)))
                .accepts(hints);
    }

    @Configuration(proxyBeanMethods = false)
    static class Loaded {
        @Bean
        @LoaderOf("stats")
        CacheLoader<Long, Stats> stats() {
            return id -> new Stats(id, new Owner("o"));
        }
    }

    @Test
    void loader_itsValuesAndTheMethodThatDefinesItsCache_areThere() throws Exception {
        RuntimeHints hints = hints(Loaded.class);
        assertIsReadAsJson(hints, Stats.class);
        Class<?> definitions = Class.forName("io.levee.cache.spring.autoconfigure.CacheBeans$LoaderDefinition");
        assertThat(REFLECTION.onMethodInvocation(ReflectionUtils.findMethod(definitions, "of", (Class<?>[]) null)))
                .accepts(hints);
    }

    @Configuration(proxyBeanMethods = false)
    static class MadeByHand {
        @Bean
        ReadThroughCache<Long, Stats> stats(CacheClient client) {
            return client.cache("stats", Long.class, Stats.class).build();
        }
    }

    @Test
    void cacheMadeByHand_itsValues_areThere() {
        assertIsReadAsJson(hints(MadeByHand.class), Stats.class);
    }

    @Test
    void valueTypeOfAProperty_isThere() {
        String[] where = {"levee.defaults.value-type=", "levee.caches.any.value-type="};
        for (String property : where) {
            assertIsReadAsJson(
                    hints(Application.bare()
                            .withPropertyValues(
                                    property + Stats.class.getName(),
                                    "levee.caches.any.stale-for=${only.at.the.start}")),
                    Stats.class);
        }
    }

    sealed interface Shape permits Circle {}

    record Circle(int radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(Cat.class))
    interface Animal {}

    record Cat(int lives) implements Animal {}

    static class Annotated {
        @ReadThrough("stats")
        public Stats stats(long project) {
            return new Stats(project, new Owner("o"));
        }

        @ReadThrough("shapes")
        public List<Shape> shapes(long project) {
            return List.of();
        }

        @ReadThrough("animals")
        public Optional<Animal> animal(long project) {
            return Optional.empty();
        }
    }

    static class Inheriting extends Annotated {}

    @Test
    void readThrough_itsMethodAndValues_areThere() throws Exception {
        RuntimeHints hints = hints(Inheriting.class);
        assertThat(REFLECTION.onMethodInvocation(Annotated.class.getMethod("stats", long.class)))
                .accepts(hints);
        assertIsReadAsJson(hints, Stats.class);
        assertIsReadAsJson(hints, Circle.class);
        assertIsReadAsJson(hints, Cat.class);
    }

    static class ByIds {
        @ReadThrough("stats")
        public Map<Long, Stats> stats(Collection<Long> projects) {
            return Map.of();
        }
    }

    @Test
    void readThrough_ofManyIds_itsValuesAreThere() {
        assertIsReadAsJson(hints(ByIds.class), Stats.class);
    }

    interface Totals {
        long total(long project);
    }

    static class Sums implements Totals {
        @Override
        @ReadThrough("totals")
        public long total(long project) {
            return project;
        }
    }

    static class MoreSums extends Sums {}

    @Test
    void readThrough_behindAnInterface_itsMethodIsThereForBothKindsOfProxies() throws Exception {
        RuntimeHints hints = hints(MoreSums.class);
        assertThat(REFLECTION.onMethodInvocation(Totals.class.getMethod("total", long.class)))
                .accepts(hints);
        assertThat(REFLECTION.onMethodInvocation(Sums.class.getMethod("total", long.class)))
                .accepts(hints);
    }

    /** No record, so that only expressions look into it. */
    public static final class Pledge {
        public long getProject() {
            return 1;
        }
    }

    static class RecordKeys {
        @ReadThrough("totals")
        public long total(Question question) {
            return 1;
        }
    }

    static class ByKey {
        @ReadThrough(cacheNames = "totals", key = "#pledge.project")
        public long total(Pledge pledge) {
            return 1;
        }
    }

    static class ByCondition {
        @ReadThrough(cacheNames = "totals", condition = "#pledge.project > 0")
        public long total(Pledge pledge) {
            return 1;
        }
    }

    static class ByUnless {
        @ReadThrough(cacheNames = "totals", unless = "#pledge.project > 0")
        public long total(Pledge pledge) {
            return 1;
        }
    }

    static class InvalidatingByKey {
        @Invalidate(cacheNames = "totals", key = "#pledges.![project]")
        public void save(List<Pledge> pledges) {}
    }

    static class InvalidatingByCondition {
        @Invalidate(cacheNames = "totals", condition = "#pledge.project > 0")
        public void save(Pledge pledge) {}
    }

    static class PlainArguments {
        @ReadThrough(cacheNames = "totals")
        public long total(Pledge pledge, long project) {
            return 1;
        }
    }

    @Test
    void keys_thatAreRecords_canBeReadWithAllThatTheyHave() throws Exception {
        RuntimeHints hints = hints(RecordKeys.class);
        assertThat(REFLECTION.onMethodInvocation(Question.class.getDeclaredMethod("asker")))
                .accepts(hints);
        assertThat(REFLECTION.onMethodInvocation(Owner.class.getDeclaredMethod("name")))
                .accepts(hints);
    }

    @Test
    void expressions_canReadArgumentsAndRoot_ofLoadsAndInvalidations() throws Exception {
        Class<?> root = Class.forName("io.levee.cache.spring.method.CallExpressions$Root");
        for (Class<?> bean : List.of(
                ByKey.class,
                ByCondition.class,
                ByUnless.class,
                InvalidatingByKey.class,
                InvalidatingByCondition.class)) {
            RuntimeHints hints = hints(bean);
            assertThat(REFLECTION.onMethodInvocation(Pledge.class.getMethod("getProject")))
                    .accepts(hints);
            assertThat(REFLECTION.onMethodInvocation(root.getMethod("getArgs"))).accepts(hints);
        }
        assertThat(REFLECTION.onMethodInvocation(Pledge.class.getMethod("getProject")))
                .rejects(hints(PlainArguments.class));
    }

    static class Cached {
        @Cacheable("stats")
        public Stats stats(Question question) {
            return new Stats(1, new Owner("o"));
        }
    }

    static class PutByKey {
        @CachePut(cacheNames = "stats", key = "#pledge.project")
        public Stats stats(Pledge pledge) {
            return new Stats(1, new Owner("o"));
        }
    }

    static class EvictedByCondition {
        @CacheEvict(cacheNames = "stats", condition = "#pledge.project > 0")
        public void forget(Pledge pledge) {}
    }

    @Test
    void springsAnnotations_valuesAndKeys_areThere() throws Exception {
        RuntimeHints cached = hints(Application.Caching.class, Cached.class);
        assertIsReadAsJson(cached, Stats.class);
        assertThat(REFLECTION.onMethodInvocation(Question.class.getDeclaredMethod("asker")))
                .accepts(cached);
        assertIsReadAsJson(hints(Application.Caching.class, PutByKey.class), Stats.class);
        for (Class<?> bean : List.of(PutByKey.class, EvictedByCondition.class)) {
            assertThat(REFLECTION.onMethodInvocation(Pledge.class.getMethod("getProject")))
                    .accepts(hints(Application.Caching.class, bean));
        }
    }

    @Test
    void endpoint_itsOperationsAndAnswers_areThere() throws Exception {
        RuntimeHints hints = hints(Application.bare()
                .withConfiguration(AutoConfigurations.of(LeveeEndpointAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=levee"));
        assertThat(REFLECTION.onMethodInvocation(LeveeEndpoint.class, "client")).accepts(hints);
        assertThat(REFLECTION.onMethodInvocation(LeveeEndpoint.class, "cache")).accepts(hints);
        assertThat(REFLECTION.onMethodInvocation(LeveeEndpoint.class, "act")).accepts(hints);
        assertIsReadAsJson(hints, LeveeEndpoint.ClientDescriptor.class);
        assertIsReadAsJson(hints, LeveeEndpoint.NodeDescriptor.class);
        assertIsReadAsJson(hints, LeveeEndpoint.CacheDescriptor.class);
        assertIsReadAsJson(hints, CacheStats.class);
        assertIsReadAsJson(hints, LeveeEndpoint.Refusal.class);
        assertIsReadAsJson(hints, LeveeEndpoint.Done.class);
    }
}
