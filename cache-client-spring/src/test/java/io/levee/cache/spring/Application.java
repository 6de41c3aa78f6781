package io.levee.cache.spring;

import io.levee.cache.spring.autoconfigure.LeveeAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeCachingAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeMethodsAutoConfiguration;
import io.levee.examples.memcached.MemcachedNode;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;

/** Small applications for tests. */
public final class Application {
    private Application() {}

    /** With Levee's configuration and no nodes. */
    public static ApplicationContextRunner bare() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LeveeAutoConfiguration.class,
                        LeveeCachingAutoConfiguration.class,
                        LeveeMethodsAutoConfiguration.class,
                        CacheAutoConfiguration.class));
    }

    /** On this node, with values that stay fresh for the test. */
    public static ApplicationContextRunner on(MemcachedNode node) {
        return on(node.address());
    }

    /** On a node, with values that stay fresh for the test. */
    public static ApplicationContextRunner on(String node) {
        // Busy test machines are slow; a time-out is no fault here.
        return bare().withPropertyValues(
                        "levee.nodes=" + node,
                        "levee.operation-timeout=5s",
                        "levee.connect-timeout=10s",
                        "levee.defaults.expire-after-write=10m");
    }

    /** Switches on Spring's cache annotations. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    public static class Caching {}
}
