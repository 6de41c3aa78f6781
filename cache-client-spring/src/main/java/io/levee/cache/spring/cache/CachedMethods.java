package io.levee.cache.spring.cache;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Learns from each bean, as it is made, which types its methods keep in which caches. A method cannot be called before its bean is made,
 * so the type is known before there is a value of it.
 */
public final class CachedMethods implements BeanPostProcessor {
    private final Supplier<CacheOperationSource> source;
    private final List<Declaration> declarations = new ArrayList<>();
    private Consumer<Declaration> listener;

    /**
     * A method keeps values in a cache.
     *
     * @param type of the values: of what a method promises, if it returns a promise
     */
    record Declaration(String cache, Type type, String method) {}

    /** @param source what knows the annotations; asked when the first bean comes; may answer null */
    public CachedMethods(Supplier<CacheOperationSource> source) {
        this.source = source;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof CacheOperationSource)) {
            Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
            CacheOperationSource operations = source.get();
            if (operations != null && operations.isCandidateClass(type)) {
                MethodIntrospector.<Collection<CacheOperation>>selectMethods(
                                type, (Method method) -> operations.getCacheOperations(method, type))
                        .forEach((method, kept) -> kept.forEach(operation -> learn(type, method, operation)));
            }
        }
        return bean;
    }

    private void learn(Class<?> bean, Method method, CacheOperation operation) {
        if (operation instanceof CacheableOperation || operation instanceof CachePutOperation) {
            valueType(bean, method)
                    .ifPresent(type -> operation
                            .getCacheNames()
                            .forEach(cache -> tell(new Declaration(
                                    cache, type, method.getDeclaringClass().getName() + "." + method.getName()))));
        }
    }

    private synchronized void tell(Declaration declaration) {
        declarations.add(declaration);
        if (listener != null) {
            listener.accept(declaration);
        }
    }

    /** Tells what is known, and from then on what becomes known. */
    synchronized void listen(Consumer<Declaration> heard) {
        declarations.forEach(heard);
        listener = heard;
    }

    /** Empty for nothing. */
    public static Optional<Type> valueType(Class<?> bean, Method method) {
        ResolvableType returned = KotlinDetector.isSuspendingFunction(method)
                ? ResolvableType.forMethodParameter(method, method.getParameterCount() - 1, bean)
                        .getGeneric(0)
                : ResolvableType.forMethodReturnType(method, bean);
        ResolvableType value = returned.resolve() == Optional.class ? returned.getGeneric(0) : promised(returned);
        Class<?> raw = value.resolve(Object.class);
        return raw == void.class || raw == Void.class ? Optional.empty() : Optional.of(complete(value));
    }

    private static ResolvableType promised(ResolvableType returned) {
        Class<?> raw = returned.resolve(Object.class);
        if (CompletableFuture.class.isAssignableFrom(raw)) {
            return returned.as(CompletableFuture.class).getGeneric(0);
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter == null || adapter.isNoValue()) {
            return returned;
        }
        // Spring keeps the elements of a stream as a list.
        return adapter.isMultiValue()
                ? ResolvableType.forClassWithGenerics(List.class, returned.getGeneric(0))
                : returned.getGeneric(0);
    }

    /** The type with its variables replaced by what they are in the bean's class. */
    private static Type complete(ResolvableType type) {
        Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.resolve(Object.class));
        if (raw.isArray() || !type.hasGenerics()) {
            return raw;
        }
        return ResolvableType.forClassWithGenerics(
                        raw,
                        Arrays.stream(type.getGenerics())
                                .map(generic -> ResolvableType.forType(complete(generic)))
                                .toArray(ResolvableType[]::new))
                .getType();
    }
}
