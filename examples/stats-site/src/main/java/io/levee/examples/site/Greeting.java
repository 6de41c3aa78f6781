package io.levee.examples.site;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where the site is, once it is there. */
@Component
class Greeting {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

    private final Environment environment;

    Greeting(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void greet() {
        LOG.info(
                "The site is at http://localhost:{}/ and its nodes are to be killed at http://localhost:{}/ops",
                environment.getRequiredProperty("local.server.port"),
                environment.getRequiredProperty("local.server.port"));
    }
}
