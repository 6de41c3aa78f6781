package io.levee.examples.benchmarks;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionFactoryBuilder.Locator;
import net.spy.memcached.ConnectionFactoryBuilder.Protocol;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.internal.OperationFuture;

/** The library that carries Levee's bytes, used by itself. */
final class SpymemcachedContender implements Contender {
    private final String name;
    private final MemcachedClient client;

    SpymemcachedContender(String name, String[] nodes, Protocol protocol, boolean optimise) throws IOException {
        this.name = name;
        this.client = new MemcachedClient(
                new ConnectionFactoryBuilder()
                        .setProtocol(protocol)
                        .setShouldOptimize(optimise)
                        .setLocatorType(Locator.CONSISTENT)
                        .setHashAlg(DefaultHashAlgorithm.KETAMA_HASH)
                        .setOpTimeout(5_000)
                        .setDaemon(true)
                        .build(),
                AddrUtil.getAddresses(String.join(" ", nodes)));
    }

    void fill(String[] keys, String value) throws InterruptedException {
        for (String key : keys) {
            OperationFuture<Boolean> stored = client.set("raw:" + key, 3_600, value);
            try {
                stored.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(name + " could not store a value", e);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Object get(String key) {
        return client.get("raw:" + key);
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
