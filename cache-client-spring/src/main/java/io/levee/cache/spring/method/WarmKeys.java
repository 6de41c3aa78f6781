package io.levee.cache.spring.method;

import io.levee.cache.KeysReadPolicy;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ClassUtils;

/** Reads which keys of a method are kept warm, and refuses what cannot be. */
final class WarmKeys {
    private final ReadThroughMethod method;
    private final PeriodicWriteThrough annotation;
    private final MethodReader reader;
    private final ConfigurableListableBeanFactory beans;

    WarmKeys(ReadThroughMethod method, MethodReader reader, ConfigurableListableBeanFactory beans) {
        this.method = method;
        this.annotation = method.periodic();
        this.reader = reader;
        this.beans = beans;
    }

    /** Puts the period and the keys into the cache's definition. */
    void describe(String bean, CacheDefinition<Object, Object> definition) {
        check(bean);
        Duration period = reader.duration(method.named(), "fixedRate", annotation.fixedRate());
        if (period == null) {
            throw wrong("has @PeriodicWriteThrough without a period", "Write fixedRate = \"1m\", or \"0\" for off.");
        }
        if (method.method().getParameterCount() == 0) {
            definition.periodicWriteThrough(period, List.of(SimpleKey.EMPTY));
        } else if (!annotation.keysReadWithin().isEmpty()) {
            Duration within = reader.duration(method.named(), "keysReadWithin", annotation.keysReadWithin());
            try {
                definition.periodicWriteThrough(period, KeysReadPolicy.keysReadWithin(within));
            } catch (IllegalArgumentException e) {
                throw new LeveeConfigurationException(
                        null, "Method " + method.named() + ": " + e.getMessage() + ".", "Change it.", e);
            }
        } else if (!annotation.keySupplier().isEmpty()) {
            definition.periodicWriteThrough(period, supplied(annotation.keySupplier()));
        } else {
            definition.periodicWriteThrough(period, fixed());
        }
    }

    private void check(String bean) {
        if (method.isBulk() || !method.keyIsArgument()) {
            throw wrong(
                    "has @PeriodicWriteThrough, but not one argument that is the key: nobody could tell by the key with"
                            + " which arguments to run it",
                    "Give it one parameter that is the key, a record say, and no other key.");
        }
        if (method.condition() != null) {
            throw wrong(
                    "has @PeriodicWriteThrough and a condition, which is for callers",
                    "Remove the condition; what must not be kept, unless can say.");
        }
        if (!beans.containsBean(bean) || !beans.isSingleton(bean)) {
            throw wrong(
                    "has @PeriodicWriteThrough, but bean \"" + bean + "\" is no singleton: there is none to run it on",
                    "Make it a singleton.");
        }
        long told = Stream.of(
                        annotation.keys().length > 0,
                        !annotation.keySupplier().isEmpty(),
                        !annotation.keysReadWithin().isEmpty())
                .filter(given -> given)
                .count();
        if (method.method().getParameterCount() == 0 && told > 0) {
            throw wrong("has no parameter, so that it has one result, and keys", "Remove the keys.");
        }
        if (method.method().getParameterCount() == 1 && told != 1) {
            throw wrong(
                    "has @PeriodicWriteThrough with " + (told == 0 ? "no keys" : "keys told in more than one way"),
                    "Write one of keys, keySupplier and keysReadWithin.");
        }
    }

    private Supplier<Collection<Object>> supplied(String name) {
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, Supplier.class)) {
            throw wrong(
                    "takes its keys from bean \"" + name + "\", which "
                            + (beans.containsBean(name) ? "is no java.util.function.Supplier" : "does not exist"),
                    "Declare a bean of that name and of type Supplier<Collection<" + wanted().getSimpleName() + ">>.");
        }
        return () -> {
            Collection<?> keys =
                    (Collection<?>) beans.getBean(name, Supplier.class).get();
            for (Object key : keys) {
                if (key != null && !wanted().isInstance(key)) {
                    throw new IllegalArgumentException("bean \"" + name + "\" supplies a key of type "
                            + key.getClass().getName() + ", but method " + method.named() + " takes a "
                            + wanted().getName());
                }
            }
            return new ArrayList<>(keys);
        };
    }

    private List<Object> fixed() {
        List<Object> keys = new ArrayList<>();
        for (String text : annotation.keys()) {
            Object value = evaluated(text);
            Collection<?> many = value instanceof Collection<?> collection
                    ? collection
                    : value instanceof Object[] array ? Arrays.asList(array) : null;
            if (many == null) {
                keys.add(converted(text, value));
            } else {
                many.forEach(one -> keys.add(converted(text, one)));
            }
        }
        return keys;
    }

    private Object evaluated(String text) {
        BeanExpressionResolver resolver = beans.getBeanExpressionResolver();
        try {
            String resolved = beans.resolveEmbeddedValue(text);
            return resolver == null ? resolved : resolver.evaluate(resolved, new BeanExpressionContext(beans, null));
        } catch (BeansException | IllegalArgumentException e) {
            throw noKey(text, e);
        }
    }

    private Object converted(String text, Object value) {
        try {
            Object key = beans.getTypeConverter().convertIfNecessary(value, wanted());
            if (key == null) {
                throw new IllegalArgumentException("it is null");
            }
            return key;
        } catch (TypeMismatchException | IllegalArgumentException e) {
            throw noKey(text, e);
        }
    }

    private LeveeConfigurationException noKey(String text, RuntimeException cause) {
        return new LeveeConfigurationException(
                null,
                "Method " + method.named() + ": key \"" + text + "\" of @PeriodicWriteThrough is no "
                        + wanted().getName() + ": " + cause.getMessage() + ".",
                "Correct it.",
                cause);
    }

    private Class<?> wanted() {
        return ClassUtils.resolvePrimitiveIfNecessary(method.method().getParameterTypes()[0]);
    }

    private LeveeConfigurationException wrong(String what, String action) {
        return MethodReader.wrong(method.named(), what, action);
    }
}
