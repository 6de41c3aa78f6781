package io.levee.examples.benchmarks;

import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.spy.memcached.ConnectionFactoryBuilder.Protocol;

/**
 * Measures Levee beside its peers on three real memcached nodes of this machine, interleaved in one run.
 *
 * <p>Look at the ratios. The absolute figures are this machine's, callers, client and servers sharing its processors.
 */
public final class Benchmarks {
    private static final String HELP = """
            Usage: ./benchmarks [--seconds S] [--rounds R] [--callers N,N,...] [--value-bytes B]

            Measures Levee beside raw spymemcached on three real memcached nodes, and its near cache and its
            fallback beside Caffeine, in turn, in one run.

              --seconds S      how long each contender runs in a round, 0.1 to 60 (default 2)
              --rounds R       how many rounds; the median is reported, 1 to 100 (default 5)
              --callers N,...  how many threads call, 1 to 1000 each (default 1,8,64)
              --value-bytes B  how large the values are, 1 to 100000 (default 1000)
              --help           this text
            """;

    private static final int KEYS = 10_000;

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        // Before its first class is loaded, or it writes to stderr what nobody here wants to read.
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
        double seconds = 2;
        int rounds = 5;
        int[] callers = {1, 8, 64};
        int valueBytes = 1_000;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--help" -> {
                        System.out.print(HELP);
                        return;
                    }
                    case "--seconds" -> seconds = number(args, ++i, 0.1, 60);
                    case "--rounds" -> rounds = (int) number(args, ++i, 1, 100);
                    case "--value-bytes" -> valueBytes = (int) number(args, ++i, 1, 100_000);
                    case "--callers" -> callers = callers(args, ++i);
                    default -> throw new IllegalArgumentException("unknown option " + args[i] + "; --help lists them");
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
        }
        String[] keys = IntStream.range(0, KEYS).mapToObj(i -> "page-" + i).toArray(String[]::new);
        String value = "v".repeat(valueBytes);
        System.out.printf(
                "%d keys, values of %d bytes, %d rounds of %.1f s, Java %s, %d processors%n",
                KEYS,
                valueBytes,
                rounds,
                seconds,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        memcachedHits(keys, value, callers, rounds, seconds);
        localHits(keys, value, callers, rounds, seconds);
    }

    private static void memcachedHits(String[] keys, String value, int[] callers, int rounds, double seconds)
            throws IOException, InterruptedException {
        List<MemcachedNode> nodes = startNodes();
        String[] addresses = nodes.stream().map(MemcachedNode::address).toArray(String[]::new);
        List<SpymemcachedContender> peers = List.of(
                new SpymemcachedContender("spymemcached ascii", addresses, Protocol.TEXT, false),
                new SpymemcachedContender("spymemcached ascii, optimised", addresses, Protocol.TEXT, true),
                new SpymemcachedContender("spymemcached binary", addresses, Protocol.BINARY, false));
        LeveeContender levee = LeveeContender.memcached("levee", addresses, 64L * 1024 * 1024);
        LeveeContender bare = LeveeContender.memcached("levee, no local tier", addresses, 0);
        peers.get(0).fill(keys, value);
        levee.fill(keys, value);

        List<Contender> contenders = new ArrayList<>(peers);
        contenders.add(levee);
        contenders.add(bare);
        for (int n : callers) {
            new Duel("A hit in memcached", contenders, keys, 1).run(n, rounds, seconds, System.out);
        }
        contenders.forEach(Contender::close);
        nodes.forEach(MemcachedNode::close);
    }

    private static void localHits(String[] keys, String value, int[] callers, int rounds, double seconds)
            throws InterruptedException {
        List<MemcachedNode> nodes = startNodes();
        String[] addresses = nodes.stream().map(MemcachedNode::address).toArray(String[]::new);
        CaffeineContender caffeine = new CaffeineContender();
        caffeine.fill(keys, value);
        LeveeContender near = LeveeContender.near("levee, near cache", addresses);
        LeveeContender dead = LeveeContender.memcached("levee, fallback (nodes dead)", addresses, 256L * 1024 * 1024);
        near.fill(keys, value);
        dead.fill(keys, value);
        // From here on a get of "dead" finds no node; the near cache does not ask for one.
        nodes.forEach(MemcachedNode::close);

        List<Contender> contenders = List.of(caffeine, near, dead);
        for (int n : callers) {
            new Duel("A hit in this process", contenders, keys, 200).run(n, rounds, seconds, System.out);
        }
        contenders.forEach(Contender::close);
    }

    private static List<MemcachedNode> startNodes() {
        MemcachedBinary binary = MemcachedBinary.find(System.err);
        return IntStream.range(0, 3)
                .mapToObj(i -> MemcachedNode.builder().binary(binary).start())
                .toList();
    }

    private static double number(String[] args, int i, double least, double most) {
        String option = args[i - 1];
        if (i >= args.length) {
            throw new IllegalArgumentException(option + " needs a number");
        }
        double value;
        try {
            value = Double.parseDouble(args[i]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " must be a number, but is " + args[i], e);
        }
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", but is " + args[i]);
        }
        return value;
    }

    private static int[] callers(String[] args, int i) {
        if (i >= args.length) {
            throw new IllegalArgumentException("--callers needs numbers, such as 1,8,64");
        }
        return Arrays.stream(args[i].split(",", -1))
                .mapToInt(n -> (int) number(new String[] {"--callers", n}, 1, 1, 1_000))
                .toArray();
    }
}
