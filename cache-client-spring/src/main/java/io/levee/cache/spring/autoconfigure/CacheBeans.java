package io.levee.cache.spring.autoconfigure;

import static org.springframework.aot.hint.ExecutableMode.INVOKE;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheWriter;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.ValueType;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.LoaderOf;
import java.util.Map;
import java.util.Set;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.ReflectionUtils;

/**
 * Makes each {@link CacheDefinition} bean's cache a bean, and of each loader bean that names a cache a definition. Both by the beans'
 * declared types, without making them: the cache must be there to be injected where its definition is not known yet.
 *
 * <p>In an application that was processed ahead of time it does so too, at each start. No code is generated for what it makes: such
 * code would stand in this package, and could not name the application's types that are not public.
 */
final class CacheBeans implements BeanDefinitionRegistryPostProcessor {
    private static final String OF = "of";
    private static final String BUILD = "build";

    private final Environment environment;

    CacheBeans(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (registry instanceof ConfigurableListableBeanFactory beans) {
            defineLoaded(beans, registry);
            for (String definition : beans.getBeanNamesForType(CacheDefinition.class, true, false)) {
                register(beans, registry, definition);
            }
        }
    }

    private void defineLoaded(ConfigurableListableBeanFactory beans, BeanDefinitionRegistry registry) {
        Set<String> configured = Binder.get(environment)
                .bind("levee.caches", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
        for (String loader : beans.getBeanNamesForType(CacheLoader.class, true, false)) {
            LoaderOf named = beans.findAnnotationOnBean(loader, LoaderOf.class, false);
            String cache = named != null ? named.value() : configured.contains(loader) ? loader : null;
            String definition = "levee.definition." + cache;
            if (cache != null && !registry.containsBeanDefinition(definition)) {
                registry.registerBeanDefinition(definition, definition(beans, loader, cache));
            }
        }
    }

    private static RootBeanDefinition definition(ConfigurableListableBeanFactory beans, String loader, String cache) {
        ResolvableType type = declared(beans, loader).as(CacheLoader.class);
        Class<?> keyType = type.getGeneric(0).resolve();
        ResolvableType valueType = type.getGeneric(1);
        if (keyType == null || valueType.resolve() == null) {
            throw new LeveeConfigurationException(
                    "Bean \"" + loader + "\" loads cache \"" + cache + "\", but its type, " + type
                            + ", does not say which keys and values it has.",
                    "Declare it with its types, as in CacheLoader<Long, Project>.");
        }
        RootBeanDefinition definition = new RootBeanDefinition(LoaderDefinition.class);
        definition.setFactoryMethodName(OF);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, cache);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, keyType);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(2, valueType);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(3, new RuntimeBeanReference(loader));
        definition.setTargetType(ResolvableType.forClassWithGenerics(
                CacheDefinition.class, ResolvableType.forClass(keyType), valueType));
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, cache));
        definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
        definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        return definition;
    }

    private static void register(
            ConfigurableListableBeanFactory beans, BeanDefinitionRegistry registry, String definition) {
        String name = "levee.cache." + definition;
        if (registry.containsBeanDefinition(name)) {
            return;
        }
        ResolvableType type = declared(beans, definition).as(CacheDefinition.class);
        RootBeanDefinition cache = new RootBeanDefinition();
        cache.setFactoryBeanName(beans.getBeanNamesForType(LeveeCaches.class, true, false)[0]);
        cache.setFactoryMethodName(BUILD);
        cache.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(definition));
        cache.setTargetType(ResolvableType.forClassWithGenerics(ReadThroughCache.class, type.getGenerics()));
        cache.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier(definition)));
        cache.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        registry.registerBeanDefinition(name, cache);
    }

    private static String qualifier(String definition) {
        String made = "levee.definition.";
        return definition.startsWith(made) ? definition.substring(made.length()) : definition;
    }

    private static ResolvableType declared(ConfigurableListableBeanFactory beans, String name) {
        return beans.getMergedBeanDefinition(name).getResolvableType();
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        // All is done to the registry.
    }

    /** The methods that make these beans are called by reflection, in native images too. */
    static final class Hints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, ClassLoader classes) {
            hints.reflection()
                    .registerMethod(ReflectionUtils.findMethod(LoaderDefinition.class, OF, (Class<?>[]) null), INVOKE)
                    .registerMethod(
                            ReflectionUtils.findMethod(LeveeCaches.class, BUILD, CacheDefinition.class), INVOKE);
        }
    }

    /** Makes the definition of a cache of its loader. */
    static final class LoaderDefinition {
        private LoaderDefinition() {}

        static <K, V> CacheDefinition<K, V> of(
                String cache, Class<K> keyType, ResolvableType valueType, CacheLoader<K, V> loader) {
            CacheDefinition<K, V> definition = CacheDefinition.of(cache, keyType, ValueType.<V>of(valueType.getType()))
                    .loader(loader);
            if (loader instanceof BulkLoader) {
                @SuppressWarnings("unchecked") // a class that loads one key and many loads the same keys
                BulkLoader<K, V> bulk = (BulkLoader<K, V>) loader;
                definition.bulkLoader(bulk);
            }
            if (loader instanceof CacheWriter) {
                @SuppressWarnings("unchecked") // as above
                CacheWriter<K, V> writer = (CacheWriter<K, V>) loader;
                definition.writer(writer);
            }
            return definition;
        }
    }
}
