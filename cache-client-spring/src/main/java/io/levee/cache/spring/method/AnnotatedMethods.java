package io.levee.cache.spring.method;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * All methods with Levee's annotations, and the caches that they load. They are looked for in the types of all beans, made or not, when the
 * last singleton is made, or when the first of them is called, if that is earlier.
 *
 * <p>Thread-safe.
 */
public final class AnnotatedMethods implements SmartInitializingSingleton {
    private static final List<Class<?>> ANNOTATIONS =
            List.of(ReadThrough.class, PeriodicWriteThrough.class, Invalidate.class);

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<LeveeCaches> caches;
    private final CallExpressions expressions;
    private final MethodReader reader;
    private final Map<MethodClassKey, ReadThroughMethod> loading = new ConcurrentHashMap<>();
    private final Map<MethodClassKey, InvalidatingMethod> invalidating = new ConcurrentHashMap<>();
    private final Map<String, AnnotatedCache> described = new LinkedHashMap<>();
    private final Map<String, ReadThroughCache<Object, Object>> built = new ConcurrentHashMap<>();
    private volatile boolean scanned;

    /** @param caches what builds them; asked when the first is built */
    public AnnotatedMethods(ConfigurableListableBeanFactory beans, Supplier<LeveeCaches> caches) {
        this.beans = beans;
        this.caches = caches;
        this.expressions = new CallExpressions(beans);
        this.reader = new MethodReader(expressions, new EmbeddedValueResolver(beans));
    }

    static boolean isCandidate(Class<?> type) {
        return ANNOTATIONS.stream()
                .anyMatch(annotation -> AnnotationUtils.isCandidateClass(type, annotation.getName()));
    }

    /** @throws LeveeConfigurationException if an annotation is used in a way that cannot work */
    @Override
    public void afterSingletonsInstantiated() {
        scan();
        invalidating.values().forEach(method -> method.caches().forEach(cache -> cacheOf(method, cache)));
    }

    /** The caches that methods load, in no order. */
    public List<ReadThroughCache<?, ?>> caches() {
        scan();
        return List.copyOf(built.values());
    }

    private void scan() {
        if (scanned) {
            return;
        }
        // Before the lock: whoever makes beans has locks of its own.
        LeveeCaches builder = caches.get();
        synchronized (this) {
            if (scanned) {
                return;
            }
            for (Iterator<String> names = beans.getBeanNamesIterator(); names.hasNext(); ) {
                String name = names.next();
                Class<?> type = typeOf(name);
                if (type != null) {
                    read(name, type);
                }
            }
            described.forEach((name, cache) -> built.put(name, cache.build(builder, reader, beans)));
            scanned = true;
        }
    }

    /** Null if it is not known yet, or if another bean stands before it. */
    private Class<?> typeOf(String name) {
        if (beans.containsBean(ScopedProxyUtils.getTargetBeanName(name))) {
            return null;
        }
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            return type == null ? null : ClassUtils.getUserClass(type);
        } catch (RuntimeException e) {
            // A bean of another scope, or one whose class is not there. If it is made later, its calls say so.
            return null;
        }
    }

    private void read(String bean, Class<?> type) {
        if (isCandidate(type) && !type.getName().startsWith("org.springframework.")) {
            MethodIntrospector.selectMethods(type, (Method method) -> reader.read(type, method))
                    .forEach((method, found) -> {
                        loading.put(new MethodClassKey(method, type), found);
                        described
                                .computeIfAbsent(found.cache(), AnnotatedCache::new)
                                .add(found, bean);
                    });
            MethodIntrospector.selectMethods(type, (Method method) -> InvalidatingMethod.read(reader, type, method))
                    .forEach((method, found) -> invalidating.put(new MethodClassKey(method, type), found));
        }
    }

    /** A call of that method. */
    MethodCall call(ReadThroughMethod method, MethodInvocation invocation) {
        return new MethodCall(method, invocation, expressions, built.get(method.cache()));
    }

    /** What the called method loads. */
    ReadThroughMethod loading(MethodInvocation invocation) {
        scan();
        Class<?> type = typeOf(invocation);
        MethodClassKey called = new MethodClassKey(invocation.getMethod(), type);
        ReadThroughMethod known = loading.get(called);
        if (known == null) {
            known = late(type, AopUtils.getMostSpecificMethod(invocation.getMethod(), type));
            loading.put(called, known);
        }
        return known;
    }

    /** An interface's method, or that of a bean whose declared type is less than its class. */
    private synchronized ReadThroughMethod late(Class<?> type, Method method) {
        ReadThroughMethod known = loading.get(new MethodClassKey(method, type));
        if (known != null) {
            return known;
        }
        ReadThroughMethod found = reader.read(type, method);
        AnnotatedCache cache = described.computeIfAbsent(found.cache(), AnnotatedCache::new);
        if (found.periodic() != null) {
            throw MethodReader.wrong(
                    found.named(),
                    "has @PeriodicWriteThrough, but the declared type of its bean does not say so",
                    "Declare the bean with its class.");
        }
        cache.add(found, found.named());
        if (!built.containsKey(found.cache())) {
            built.put(found.cache(), cache.build(caches.get(), reader, beans));
        } else if (keyType(found.cache()) != Object.class && keyType(found.cache()) != found.keyType()) {
            throw MethodReader.wrong(
                    found.named(),
                    "has other keys than the " + keyType(found.cache()).getName() + " of its cache \"" + found.cache()
                            + "\", which was built without it: the declared type of its bean does not show it",
                    "Declare the bean with its class.");
        }
        loading.put(new MethodClassKey(method, type), found);
        return found;
    }

    InvalidatingMethod invalidating(MethodInvocation invocation) {
        scan();
        Class<?> type = typeOf(invocation);
        Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
        return invalidating.computeIfAbsent(
                new MethodClassKey(method, type), unused -> InvalidatingMethod.read(reader, type, method));
    }

    CallExpressions expressions() {
        return expressions;
    }

    /** @throws LeveeConfigurationException if neither a method nor a bean defines it */
    @SuppressWarnings("unchecked") // its keys are checked against the definition
    ReadThroughCache<Object, Object> cacheOf(InvalidatingMethod method, String name) {
        ReadThroughCache<Object, Object> found = built.get(name);
        if (found != null) {
            return found;
        }
        return beans.getBeanProvider(ReadThroughCache.class).stream()
                .filter(cache -> cache.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MethodReader.wrong(
                        method.named(),
                        "invalidates cache \"" + name + "\", which no @ReadThrough method and no bean defines",
                        "Correct the name; for a cache of Spring's annotations use @CacheEvict."));
    }

    /** The type of key that a cache takes, Object for any. */
    Class<?> keyType(String cache) {
        return caches.get()
                .definition(cache)
                .<Class<?>>map(definition -> definition.keyType())
                .orElse(Object.class);
    }

    private static Class<?> typeOf(MethodInvocation invocation) {
        Object target = invocation.getThis();
        return target == null
                ? invocation.getMethod().getDeclaringClass()
                : ClassUtils.getUserClass(AopUtils.getTargetClass(target));
    }
}
