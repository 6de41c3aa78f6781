package io.levee.cache.spring.docker;

import io.levee.cache.spring.autoconfigure.LeveeConnectionDetails;
import java.util.List;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/** For services of the image {@code memcached}, or with the label that says so; each is a node. */
final class MemcachedDockerComposeConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<LeveeConnectionDetails> {
    private static final int PORT = 11211;

    MemcachedDockerComposeConnectionDetailsFactory() {
        super(new String[] {"memcached", "bitnami/memcached"});
    }

    @Override
    protected LeveeConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new MemcachedService(source.getRunningService());
    }

    private static final class MemcachedService extends DockerComposeConnectionDetails
            implements LeveeConnectionDetails {
        private final String node;

        MemcachedService(RunningService service) {
            super(service);
            this.node = service.host() + ":" + service.ports().get(PORT);
        }

        @Override
        public List<String> nodes() {
            return List.of(node);
        }
    }
}
