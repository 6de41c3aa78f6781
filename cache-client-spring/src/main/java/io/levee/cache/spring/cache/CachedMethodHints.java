package io.levee.cache.spring.cache;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;

/** The values and keys of methods with Spring's cache annotations, for native images. */
final class CachedMethodHints implements BeanRegistrationAotProcessor {
    private final AnnotationCacheOperationSource source = new AnnotationCacheOperationSource(false);

    @Override
    public BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        if (!source.isCandidateClass(type)) {
            return null;
        }
        Map<Method, Collection<CacheOperation>> methods =
                MethodIntrospector.selectMethods(type, (Method method) -> source.getCacheOperations(method, type));
        return methods.isEmpty()
                ? null
                : (generation, code) -> methods.forEach(
                        (method, operations) -> register(generation.getRuntimeHints(), type, method, operations));
    }

    private static void register(
            RuntimeHints hints, Class<?> bean, Method method, Collection<CacheOperation> operations) {
        CachedMethods.valueType(bean, method).ifPresent(type -> TypeHints.value(hints, type));
        boolean expressions = operations.stream()
                .anyMatch(operation -> !operation.getKey().isEmpty()
                        || !operation.getCondition().isEmpty());
        TypeHints.arguments(hints, bean, method, expressions);
    }
}
