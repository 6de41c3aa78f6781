package io.levee.cache.spring.testcontainers;

import io.levee.cache.spring.autoconfigure.LeveeConnectionDetails;
import java.util.List;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/** For {@code @ServiceConnection} on a container of the image {@code memcached}, or with {@code name = "memcached"}. */
final class MemcachedContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, LeveeConnectionDetails> {
    private static final int PORT = 11211;

    MemcachedContainerConnectionDetailsFactory() {
        super("memcached");
    }

    @Override
    protected LeveeConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
        return new MemcachedContainer(source);
    }

    private static final class MemcachedContainer extends ContainerConnectionDetails<Container<?>>
            implements LeveeConnectionDetails {
        MemcachedContainer(ContainerConnectionSource<Container<?>> source) {
            super(source);
        }

        @Override
        public List<String> nodes() {
            Container<?> container = getContainer();
            return List.of(container.getHost() + ":" + container.getMappedPort(PORT));
        }
    }
}
