package io.levee.cache.internal.generation;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The record's item on one node, by the contract of {@link NodeConnection}. */
interface Replica {
    /** {@code host:port} of the node. */
    String node();

    /** Past every date that memcached can name, which makes it an item that does not end by time. */
    Duration FOR_EVER = Duration.ofDays(36_500);

    /** Reads it; with a lease, leaves a placeholder where there is none, whose token {@link #write} takes. */
    CompletableFuture<Reply> read(int leaseSeconds);

    /** Writes it, if what is there still has this token. */
    CompletableFuture<Reply> write(byte[] data, long token);

    /** On a node in use. */
    static Replica on(Node node, String key) {
        return new Replica() {
            private volatile long connectionNumber;

            @Override
            public String node() {
                return node.address().toString();
            }

            @Override
            public CompletableFuture<Reply> read(int leaseSeconds) {
                connectionNumber = node.connectionNumber();
                return node.get(key, leaseSeconds, 0);
            }

            @Override
            public CompletableFuture<Reply> write(byte[] data, long token) {
                return node.fillAtOnce(key, data, GenerationRecord.CLIENT_FLAGS, FOR_EVER, token, connectionNumber);
            }
        };
    }

    /** On a node that is not in use yet. */
    static Replica on(NodeAddress address, NodeConnection connection, String key) {
        return new Replica() {
            @Override
            public String node() {
                return address.toString();
            }

            @Override
            public CompletableFuture<Reply> read(int leaseSeconds) {
                return connection.get(key, leaseSeconds, 0);
            }

            @Override
            public CompletableFuture<Reply> write(byte[] data, long token) {
                return connection.fill(key, data, GenerationRecord.CLIENT_FLAGS, FOR_EVER, token);
            }
        };
    }
}
