package io.levee.cache.spring.method;

import io.levee.cache.spring.annotation.Invalidate;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;

/**
 * A method with {@link Invalidate}, read and checked. Immutable.
 *
 * @param key null for the arguments
 * @param condition null for always
 */
record InvalidatingMethod(
        Class<?> bean, Method method, List<String> caches, Expression key, Expression condition, boolean allEntries) {

    /** Null if it has no such annotation. */
    static InvalidatingMethod read(MethodReader reader, Class<?> bean, Method method) {
        Invalidate annotation = AnnotatedElementUtils.findMergedAnnotation(method, Invalidate.class);
        if (annotation == null) {
            return null;
        }
        String name = ReadThroughMethod.name(bean, method);
        MethodReader.checkCanBeIntercepted(name, method);
        Class<?> returned = method.getReturnType();
        if (Future.class.isAssignableFrom(returned)
                || CompletionStage.class.isAssignableFrom(returned)
                || KotlinDetector.isSuspendingFunction(method)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(returned) != null) {
            throw MethodReader.wrong(
                    name,
                    "returns a " + returned.getName() + ": @Invalidate would come before it has done its work",
                    "Let it return when it is done, or invalidate with Spring's @CacheEvict, which waits for promises.");
        }
        if (annotation.cacheNames().length == 0) {
            throw MethodReader.wrong(name, "has @Invalidate without a cache", "Name it.");
        }
        if (annotation.allEntries() && !annotation.key().isEmpty()) {
            throw MethodReader.wrong(name, "has @Invalidate with allEntries and a key", "Remove one of them.");
        }
        return new InvalidatingMethod(
                bean,
                method,
                List.of(annotation.cacheNames()),
                reader.parse(name, "key", annotation.key()),
                reader.parse(name, "condition", annotation.condition()),
                annotation.allEntries());
    }

    String named() {
        return ReadThroughMethod.name(bean, method);
    }
}
