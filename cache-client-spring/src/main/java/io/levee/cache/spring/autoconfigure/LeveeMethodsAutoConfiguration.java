package io.levee.cache.spring.autoconfigure;

import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.cache.KeyHints;
import io.levee.cache.spring.method.AnnotatedMethodAdvisor;
import io.levee.cache.spring.method.AnnotatedMethods;
import io.levee.cache.spring.method.InvalidateInterceptor;
import io.levee.cache.spring.method.ReadThroughInterceptor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Levee's own annotations, wherever Levee is configured: {@link ReadThrough} and its kin. */
@AutoConfiguration(after = LeveeAutoConfiguration.class, before = LeveeCachingAutoConfiguration.class)
@ConditionalOnBean(LeveeCaches.class)
@Import(LeveeMethodsAutoConfiguration.Proxies.class)
@ImportRuntimeHints(KeyHints.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class LeveeMethodsAutoConfiguration {
    private static final String READ_THROUGH = "leveeReadThroughInterceptor";
    private static final String INVALIDATE = "leveeInvalidateInterceptor";

    /** Static, as all here: proxies are made long before the caches can be. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AnnotatedMethods leveeAnnotatedMethods(
            ConfigurableListableBeanFactory beans, ObjectProvider<LeveeCaches> caches) {
        return new AnnotatedMethods(beans, caches::getObject);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AnnotatedMethodAdvisor leveeReadThroughAdvisor() {
        return new AnnotatedMethodAdvisor(ReadThrough.class, READ_THROUGH);
    }

    @Bean(READ_THROUGH)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ReadThroughInterceptor leveeReadThroughInterceptor(ObjectProvider<AnnotatedMethods> methods) {
        return new ReadThroughInterceptor(methods::getObject);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AnnotatedMethodAdvisor leveeInvalidateAdvisor() {
        return new AnnotatedMethodAdvisor(Invalidate.class, INVALIDATE);
    }

    @Bean(INVALIDATE)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static InvalidateInterceptor leveeInvalidateInterceptor(ObjectProvider<AnnotatedMethods> methods) {
        return new InvalidateInterceptor(methods::getObject);
    }

    /** Spring makes proxies only where something asks for them. Of classes, unless the application wants interfaces, as Spring Boot does. */
    static final class Proxies implements ImportBeanDefinitionRegistrar, EnvironmentAware {
        private Environment environment;

        @Override
        public void setEnvironment(Environment applications) {
            environment = applications;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
            if (environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true)) {
                AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
            }
        }
    }
}
