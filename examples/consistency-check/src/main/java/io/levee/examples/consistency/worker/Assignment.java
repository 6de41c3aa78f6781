package io.levee.examples.consistency.worker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a worker is told when it starts, as the words of its command line.
 *
 * @param process its name
 * @param databasePort where the database listens
 * @param nodes the nodes, as Levee is to know them
 * @param seed decides what it does, in which order
 * @param threads how many threads call
 * @param keys how many keys each cache has
 * @param operations what it does
 * @param history the file for its history
 */
public record Assignment(
        String process,
        int databasePort,
        List<String> nodes,
        long seed,
        int threads,
        int keys,
        Set<Operation> operations,
        Path history) {
    public Assignment {
        nodes = List.copyOf(nodes);
        operations = EnumSet.copyOf(operations);
    }

    public List<String> words() {
        return List.of(
                process,
                Integer.toString(databasePort),
                String.join(",", nodes),
                Long.toString(seed),
                Integer.toString(threads),
                Integer.toString(keys),
                operations.stream().map(Operation::flag).collect(Collectors.joining(",")),
                history.toString());
    }

    static Assignment of(String... words) {
        return new Assignment(
                words[0],
                Integer.parseInt(words[1]),
                List.of(words[2].split(",")),
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Arrays.stream(words[6].split(","))
                        .map(flag -> Operation.of(flag).orElseThrow())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Operation.class))),
                Path.of(words[7]));
    }

    /**
     * The keys of each cache, in three kinds: those that begin with i are invalidated when they are written, those with p are put, and
     * what is written to those with c is left to the next {@code clear()}.
     */
    public static List<String> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "ipc".charAt(n % 3) + Integer.toString(n))
                .toList();
    }
}
