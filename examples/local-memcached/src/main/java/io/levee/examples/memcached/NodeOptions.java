package io.levee.examples.memcached;

import java.util.ArrayList;
import java.util.List;

/** What a node is started with, whatever it is started from. */
record NodeOptions(int memoryMegabytes, int connectionLimit, int maxItemBytes, List<String> extraArguments) {
    private static final int CHUNK_BYTES = 512 * 1024;

    NodeOptions {
        if (memoryMegabytes < 1) {
            throw new IllegalArgumentException("memoryMegabytes must be 1 or more, but is " + memoryMegabytes);
        }
        if (connectionLimit < 1) {
            throw new IllegalArgumentException("connectionLimit must be 1 or more, but is " + connectionLimit);
        }
        if (maxItemBytes < 1024) {
            throw new IllegalArgumentException("maxItemBytes must be 1024 or more, but is " + maxItemBytes);
        }
        extraArguments = List.copyOf(extraArguments);
    }

    List<String> arguments() {
        List<String> words = new ArrayList<>(List.of(
                "-U",
                "0",
                "-m",
                Integer.toString(memoryMegabytes),
                "-c",
                Integer.toString(connectionLimit),
                "-I",
                Integer.toString(maxItemBytes)));
        if (maxItemBytes < CHUNK_BYTES) {
            // memcached refuses to start when its largest chunk is larger than its largest item.
            words.addAll(List.of("-o", "slab_chunk_max=" + maxItemBytes));
        }
        words.addAll(extraArguments);
        return words;
    }
}
