package io.levee.cache.spring.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of documentation, and the fenced blocks on it.
 *
 * @param name its file's, without the extension
 * @param blocks in their order
 */
record Page(String name, List<Block> blocks) {
    /**
     * A fenced block.
     *
     * @param kind what stands behind the fence
     * @param heading the last heading before it
     * @param line where its fence is
     */
    record Block(String page, String kind, String heading, int line, String text) {
        @Override
        public String toString() {
            return page + ".md:" + line + " " + kind + ", under \"" + heading + "\"";
        }
    }

    static Page read(String name) {
        try {
            return parse(name, Files.readAllLines(Path.of("..", "docs", name + ".md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Page parse(String name, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        String heading = "";
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("#")) {
                heading = lines.get(i).replaceFirst("^#+ *", "");
            } else if (lines.get(i).startsWith("```")) {
                int fence = i++;
                StringBuilder text = new StringBuilder();
                while (!lines.get(i).startsWith("```")) {
                    text.append(lines.get(i++)).append('\n');
                }
                blocks.add(new Block(name, lines.get(fence).substring(3), heading, fence + 1, text.toString()));
            }
        }
        return new Page(name, blocks);
    }

    List<Block> of(String kind) {
        return blocks.stream().filter(block -> block.kind().equals(kind)).toList();
    }

    /** The only block of a kind under a heading, or the one of several whose number is given. */
    Block under(String heading, String kind, int number) {
        List<Block> found = of(kind).stream()
                .filter(block -> block.heading().equals(heading))
                .toList();
        if (found.size() < number) {
            throw new AssertionError(name + ".md has " + found.size() + " blocks of " + kind + " under \"" + heading
                    + "\", and this test wants number " + number);
        }
        return found.get(number - 1);
    }
}
