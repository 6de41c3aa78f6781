package io.levee.cache.faults;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is still there of clients that should be gone. */
final class Leftovers {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private Leftovers() {}

    /** Names of live threads that begin so. */
    static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    static boolean canCountOpenFiles() {
        return Files.isDirectory(OPEN_FILES);
    }

    static int openFiles() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                count += file == null ? 0 : 1;
            }
        }
        return count;
    }
}
