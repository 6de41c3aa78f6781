package io.levee.examples.site;

import io.levee.examples.slowdisk.SlowDisk;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * A small crowd-funding site whose pages are cached by Levee, and {@code /ops}, where its memcached nodes can be killed while one
 * watches what becomes of the site.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableScheduling
public class StatsSite {
    static {
        // Before anything opens the database, in tests and in ahead-of-time processing too.
        SlowDisk.mount();
    }

    /** Starts it, with arguments as of any Spring Boot application: {@code --server.port=8081}. */
    public static void main(String... arguments) {
        SpringApplication.run(StatsSite.class, arguments);
    }
}
