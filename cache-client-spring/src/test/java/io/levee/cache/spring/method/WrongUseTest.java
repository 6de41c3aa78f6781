package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.spring.Application;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Scope;
import reactor.core.publisher.Mono;

/** Annotations that cannot work fail the start, and say which method it is and what to do. */
class WrongUseTest {
    static class PrivateMethod {
        @ReadThrough("c")
        private String method(long id) {
            return "v" + id;
        }

        String call() {
            return method(1);
        }
    }

    static class StaticMethod {
        @ReadThrough("c")
        public static String method(long id) {
            return "v";
        }
    }

    static class FinalMethod {
        @ReadThrough("c")
        public final String method(long id) {
            return "v";
        }
    }

    static class ReturnsNothing {
        @ReadThrough("c")
        public void method(long id) {}
    }

    static class ReturnsAnything {
        @ReadThrough("c")
        public Object method(long id) {
            return "v";
        }
    }

    static class ReturnsAPromise {
        @ReadThrough("c")
        public CompletableFuture<String> method(long id) {
            return CompletableFuture.completedFuture("v");
        }
    }

    static class ReturnsAStream {
        @ReadThrough("c")
        public Stream<String> method(long id) {
            return Stream.of("v");
        }
    }

    static class ManyIdsAndAList {
        @ReadThrough("c")
        public List<String> method(Collection<Long> ids) {
            return List.of();
        }
    }

    static class ManyIdsAndAnotherMap {
        @ReadThrough("c")
        public Map<String, String> method(Collection<Long> ids) {
            return Map.of();
        }
    }

    static class ManyIdsAndARawMap {
        @ReadThrough("c")
        @SuppressWarnings("rawtypes")
        public Map method(Collection<Long> ids) {
            return Map.of();
        }
    }

    @SuppressWarnings("NonApiType") // that is what is wrong with it
    static class IdsInAnArrayList {
        @ReadThrough("c")
        public Map<Long, String> method(ArrayList<Long> ids) {
            return Map.of();
        }
    }

    static class NoCache {
        @ReadThrough
        public String method(long id) {
            return "v";
        }
    }

    static class TwoCaches {
        @ReadThrough({"c", "d"})
        public String method(long id) {
            return "v";
        }
    }

    static class KeyThatIsNoExpression {
        @ReadThrough(cacheNames = "c", key = "#id +")
        public String method(long id) {
            return "v";
        }
    }

    static class UnlessThatIsNoExpression {
        @ReadThrough(cacheNames = "c", unless = "#result ==")
        public String method(long id) {
            return "v";
        }
    }

    static class NoDuration {
        @ReadThrough(cacheNames = "c", nearCache = "ten minutes")
        public String method(long id) {
            return "v";
        }
    }

    static class DurationWithoutAUnit {
        @ReadThrough(cacheNames = "c", expireAfterWrite = "600")
        public String method(long id) {
            return "v";
        }
    }

    static class NoDurationBehindAPlaceholder {
        @ReadThrough(cacheNames = "c", nearCache = "${near:soon}")
        public String method(long id) {
            return "v";
        }
    }

    static class UnknownPlaceholder {
        @ReadThrough(cacheNames = "c", staleFor = "${nowhere}")
        public String method(long id) {
            return "v";
        }
    }

    static class OutOfBounds {
        @ReadThrough(cacheNames = "c", nearCache = "31d")
        public String method(long id) {
            return "v";
        }
    }

    static class NearLongerThanFresh {
        @ReadThrough(cacheNames = "c", expireAfterWrite = "1m", nearCache = "2m")
        public String method(long id) {
            return "v";
        }
    }

    static class TwoFreshnesses {
        @ReadThrough(cacheNames = "c", expireAfterWrite = "1m")
        public String method(long id) {
            return "v";
        }

        @ReadThrough(cacheNames = "c", expireAfterWrite = "2m")
        public String other(String id) {
            return "v";
        }
    }

    static class TwoTypes {
        @ReadThrough("c")
        public String method(long id) {
            return "v";
        }

        @ReadThrough("c")
        public Long other(long id) {
            return id;
        }
    }

    static class PeriodicAlone {
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithoutKeys {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithTwoKindsOfKeys {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1", keysReadWithin = "5m")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicOfNoParameterWithKeys {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method() {
            return "v";
        }
    }

    static class PeriodicOfTwoParameters {
        @ReadThrough(cacheNames = "c", key = "#id")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id, String asker) {
            return "v";
        }
    }

    static class PeriodicOfAKeyExpression {
        @ReadThrough(cacheNames = "c", key = "#id % 10")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithACondition {
        @ReadThrough(cacheNames = "c", condition = "#id > 1")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithAnUnknownSupplier {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keySupplier = "nobody")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithSomethingElseForASupplier {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keySupplier = "text")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithAKeyOfAnotherType {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "first")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicWithNoDuration {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "often", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicLongerThanFresh {
        @ReadThrough(cacheNames = "c", expireAfterWrite = "1m")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class PeriodicTwice {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }

        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String other(long id) {
            return "v";
        }
    }

    @Scope("prototype")
    static class Prototype {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    static class InvalidatesAnUnknownCache {
        @Invalidate("nothing")
        public void method(long id) {}
    }

    static class InvalidatesAllAndOne {
        @Invalidate(cacheNames = "defined", key = "#id", allEntries = true)
        public void method(long id) {}
    }

    static class InvalidatesNothing {
        @Invalidate
        public void method(long id) {}
    }

    static class InvalidatesTooEarly {
        @Invalidate("defined")
        public CompletableFuture<Void> method(long id) {
            return CompletableFuture.completedFuture(null);
        }
    }

    static class InvalidatesBeforeAFuture {
        @Invalidate("defined")
        public Future<Void> method(long id) {
            return new FutureTask<>(() -> null);
        }
    }

    static class InvalidatesBeforeAMono {
        @Invalidate("defined")
        public Mono<Void> method(long id) {
            return Mono.empty();
        }
    }

    static class InvalidatesUnseen {
        @Invalidate("defined")
        public final void method(long id) {}
    }

    static class CacheOfABean {
        @ReadThrough("defined")
        public String method(long id) {
            return "v";
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong(PrivateMethod.class, "is private, so that no proxy sees its calls"),
                wrong(StaticMethod.class, "is static, so that no proxy sees its calls"),
                wrong(FinalMethod.class, "is final, so that no proxy sees its calls"),
                wrong(ReturnsNothing.class, "returns nothing that could be cached"),
                wrong(ReturnsAnything.class, "returns an Object"),
                wrong(ReturnsAPromise.class, "use Spring's @Cacheable, which waits for promises"),
                wrong(ReturnsAStream.class, "Return a list"),
                wrong(ManyIdsAndAList.class, "takes a collection of ids and returns", "Return a Map<Long, …>"),
                wrong(ManyIdsAndAnotherMap.class, "takes a collection of ids and returns", "Return a Map<Long, …>"),
                wrong(ManyIdsAndARawMap.class, "Return a Map<Long, …>"),
                wrong(IdsInAnArrayList.class, "Take a Collection, a List or a Set"),
                wrong(NoCache.class, "has @ReadThrough with 0 cache names"),
                wrong(TwoCaches.class, "has @ReadThrough with 2 cache names"),
                wrong(KeyThatIsNoExpression.class, "key \"#id +\" is no SpEL"),
                wrong(UnlessThatIsNoExpression.class, "unless \"#result ==\" is no SpEL"),
                wrong(NoDuration.class, "nearCache is \"ten minutes\", which is no duration", "10m, 500ms or PT10M"),
                wrong(
                        DurationWithoutAUnit.class,
                        "expireAfterWrite is \"600\", which has no unit",
                        "10m, 500ms or PT10M"),
                wrong(NoDurationBehindAPlaceholder.class, "nearCache is \"soon\", from \"${near:soon}\""),
                wrong(
                        UnknownPlaceholder.class,
                        "staleFor is \"${nowhere}\"",
                        "Could not resolve placeholder 'nowhere'"),
                wrong(OutOfBounds.class, "nearCache must be 1 ms to 30 d"),
                wrong(NearLongerThanFresh.class, "nearCache must be at most expireAfterWrite, 1 min"),
                wrong(TwoFreshnesses.class, "another expireAfterWrite", ".method", ".other", "PT1M", "PT2M"),
                wrong(TwoTypes.class, "another type of values", ".method", ".other"),
                wrong(PeriodicAlone.class, "has @PeriodicWriteThrough, but not @ReadThrough"),
                wrong(PeriodicWithoutKeys.class, "has @PeriodicWriteThrough with no keys"),
                wrong(PeriodicWithTwoKindsOfKeys.class, "keys told in more than one way"),
                wrong(PeriodicOfNoParameterWithKeys.class, "has no parameter", "Remove the keys"),
                wrong(PeriodicOfTwoParameters.class, "not one argument that is the key"),
                wrong(PeriodicOfAKeyExpression.class, "not one argument that is the key"),
                wrong(PeriodicWithACondition.class, "Remove the condition"),
                wrong(PeriodicWithAnUnknownSupplier.class, "bean \"nobody\", which does not exist"),
                wrong(
                        PeriodicWithSomethingElseForASupplier.class,
                        "bean \"text\", which is no java.util.function.Supplier"),
                wrong(PeriodicWithAKeyOfAnotherType.class, "key \"first\"", "is no java.lang.Long"),
                wrong(PeriodicWithNoDuration.class, "fixedRate is \"often\", which is no duration"),
                wrong(PeriodicLongerThanFresh.class, "periodicWriteThrough must be less than"),
                wrong(PeriodicTwice.class, "has @PeriodicWriteThrough for cache \"c\", and so has", ".other"),
                wrong(Prototype.class, "is no singleton"),
                wrong(InvalidatesAnUnknownCache.class, "invalidates cache \"nothing\", which no @ReadThrough method"),
                wrong(InvalidatesAllAndOne.class, "with allEntries and a key"),
                wrong(InvalidatesNothing.class, "has @Invalidate without a cache"),
                wrong(InvalidatesTooEarly.class, "@Invalidate would come before it has done its work"),
                wrong(InvalidatesBeforeAFuture.class, "@Invalidate would come before it has done its work"),
                wrong(InvalidatesBeforeAMono.class, "@Invalidate would come before it has done its work"),
                wrong(InvalidatesUnseen.class, "is final, so that no proxy sees its calls"),
                wrong(CacheOfABean.class, "loads cache \"defined\": ", "already"));
    }

    private static Arguments wrong(Class<?> bean, String... words) {
        return Arguments.of(bean, words);
    }

    private static ApplicationContextRunner application() {
        return Application.on("127.0.0.1:1")
                // As in every application: placeholders that are not there are refused.
                .withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
                .withBean("text", String.class, () -> "not a supplier")
                .withBean(CacheDefinition.class, () -> CacheDefinition.of("defined", Long.class, String.class));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongUse_atStart_isRefusedWithTheMethodNamed(Class<?> bean, String[] words) {
        application()
                .withUserConfiguration(bean)
                .run(context -> assertThat(context.getStartupFailure())
                        .isNotNull()
                        .isInstanceOfSatisfying(LeveeConfigurationException.class, failure -> {
                            assertThat(failure).hasMessageContaining(bean.getName() + ".");
                            assertThat(failure).hasMessageContainingAll(words);
                            assertThat(failure.action()).isNotBlank();
                        }));
    }

    @Test
    void noFreshness_anywhere_saysWhatToWrite() {
        Application.bare()
                .withPropertyValues("levee.nodes=127.0.0.1:1")
                .withUserConfiguration(NoFreshness.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("Method " + NoFreshness.class.getName() + ".method loads cache \"c\"")
                        .hasMessageContaining("levee.caches.c.expire-after-write=10m"));
    }

    static class NoFreshness {
        @ReadThrough("c")
        public String method(long id) {
            return "v";
        }
    }

    @Test
    void twoBeansOfAPeriodicMethod_areRefused() {
        Application.on("127.0.0.1:1")
                .withBean("one", PeriodicBean.class)
                .withBean("two", PeriodicBean.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining(PeriodicBean.class.getName() + ".method")
                        .hasMessageContaining("there are two beans of it, one and two"));
    }

    static class PeriodicBean {
        @ReadThrough("c")
        @PeriodicWriteThrough(fixedRate = "1m", keys = "1")
        public String method(long id) {
            return "v";
        }
    }

    @Test
    void supplierOfKeys_isTakenByItsName() {
        Application.on("127.0.0.1:1")
                .withBean("nobody", Supplier.class, () -> List::of)
                .withUserConfiguration(PeriodicWithAnUnknownSupplier.class)
                .run(context -> assertThat(context).hasNotFailed());
    }
}
