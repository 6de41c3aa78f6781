package io.levee.cache.spring.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the memcached nodes are. As a bean it is used instead of {@code levee.nodes} and of a {@code NodeDiscovery} bean; the nodes of
 * several such beans are taken together. {@code @ServiceConnection} and Docker Compose make such beans.
 */
@FunctionalInterface
public interface LeveeConnectionDetails extends ConnectionDetails {
    /** The nodes as in {@code levee.nodes}, {@code host:port}. */
    List<String> nodes();
}
