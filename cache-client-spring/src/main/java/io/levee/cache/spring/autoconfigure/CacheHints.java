package io.levee.cache.spring.autoconfigure;

import io.levee.cache.CacheLoader;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.cache.TypeHints;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/** The values of caches that are beans, and those that {@code value-type} names, for native images. */
final class CacheHints implements BeanRegistrationAotProcessor {
    /** What has the types of a cache's keys and values. */
    private static final List<Class<?>> CACHES =
            List.of(CacheDefinition.class, CacheLoader.class, ReadThroughCache.class);

    @Override
    public BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        for (Class<?> cache : CACHES) {
            ResolvableType value = bean.getBeanType().as(cache).getGeneric(1);
            if (value.resolve() != null) {
                return (generation, code) -> TypeHints.value(generation.getRuntimeHints(), value.getType());
            }
        }
        if (bean.getBeanClass() == LeveeProperties.class) {
            List<Class<?>> named = valueTypes(bean.getBeanFactory()
                    .getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, Environment.class));
            return (generation, code) -> register(named, generation.getRuntimeHints());
        }
        return null;
    }

    /** Not the properties' bean: what the other properties are, only the start may know. */
    private static List<Class<?>> valueTypes(Environment environment) {
        Binder binder = Binder.get(environment);
        Named defaults = binder.bind("levee.defaults", Named.class).orElse(new Named(null));
        Map<String, Named> caches = binder.bind("levee.caches", Bindable.mapOf(String.class, Named.class))
                .orElse(Map.of());
        return Stream.concat(Stream.of(defaults), caches.values().stream())
                .<Class<?>>map(Named::valueType)
                .filter(Objects::nonNull)
                .toList();
    }

    private static void register(List<Class<?>> types, RuntimeHints hints) {
        types.forEach(type -> TypeHints.value(hints, type));
    }

    /** A cache's value-type, and nothing else of it. */
    record Named(Class<?> valueType) {}
}
