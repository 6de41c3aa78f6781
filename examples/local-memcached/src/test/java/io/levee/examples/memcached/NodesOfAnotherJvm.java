package io.levee.examples.memcached;

import java.util.concurrent.CountDownLatch;

/** A JVM that starts one node that runs and one that hangs, prints their ports, and waits to be ended. */
final class NodesOfAnotherJvm {
    private NodesOfAnotherJvm() {}

    @SuppressWarnings("resource") // that nobody closes them is what the test is about
    public static void main(String[] args) throws InterruptedException {
        MemcachedNode running = MemcachedNode.builder().start();
        MemcachedNode hung = MemcachedNode.builder().start();
        hung.hang();
        System.out.println(running.port() + " " + hung.port());
        new CountDownLatch(1).await();
    }
}
