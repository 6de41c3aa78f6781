package io.levee.examples.site;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;

/** The whole site, with three real nodes, on a port of its own: a small database, and no visitors but the test. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "site.projects=48",
            "site.pledges=4000",
            "site.disk-read=0ms",
            "site.visitors=0",
            "site.stats-period=45s",
            // Patient, so that a busy machine is not taken for dead nodes.
            "levee.operation-timeout=10s",
            "levee.connect-timeout=10s",
            "spring.datasource.hikari.connection-timeout=30000"
        })
@DirtiesContext
public @interface SmallSite {}
