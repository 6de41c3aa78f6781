package io.levee.cache.spring.method;

import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.cache.CachedMethods;
import io.levee.cache.spring.cache.TypeHints;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** The values and keys of methods with Levee's annotations, and the methods that caches call by themselves, for native images. */
final class MethodHints implements BeanRegistrationAotProcessor {
    @Override
    public BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        Map<Method, ReadThrough> loading = annotated(type, ReadThrough.class);
        Map<Method, Invalidate> invalidating = annotated(type, Invalidate.class);
        if (loading.isEmpty() && invalidating.isEmpty()) {
            return null;
        }
        return (generation, code) -> {
            RuntimeHints hints = generation.getRuntimeHints();
            loading.forEach((method, annotation) -> {
                Method called = ClassUtils.getInterfaceMethodIfPossible(method, type);
                hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
                hints.reflection().registerMethod(called, ExecutableMode.INVOKE);
                CachedMethods.valueType(type, method).ifPresent(value -> TypeHints.value(hints, value));
                keys(hints, type, method, annotation.key(), annotation.condition(), annotation.unless());
            });
            invalidating.forEach(
                    (method, annotation) -> keys(hints, type, method, annotation.key(), annotation.condition()));
        };
    }

    private static <A extends Annotation> Map<Method, A> annotated(Class<?> type, Class<A> annotation) {
        return AnnotatedMethods.isCandidate(type)
                ? MethodIntrospector.selectMethods(
                        type, (Method method) -> AnnotatedElementUtils.findMergedAnnotation(method, annotation))
                : Map.of();
    }

    private static void keys(RuntimeHints hints, Class<?> bean, Method method, String... expressions) {
        boolean any = Stream.of(expressions).anyMatch(text -> !text.isEmpty());
        TypeHints.arguments(hints, bean, method, any);
        if (any) {
            hints.reflection().registerType(CallExpressions.Root.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
    }
}
