package io.levee.cache.faults;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a test runs one of its own classes in a JVM of its own. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * The command, with both outputs in one; nothing is started yet.
     *
     * @param options of the JVM
     */
    static ProcessBuilder command(Class<?> main, List<String> options, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options);
        words.addAll(List.of("-cp", classPath(), main.getName()));
        words.addAll(arguments);
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    /** That of the launcher, and what the launcher itself loads tests from. */
    private static String classPath() {
        List<String> entries = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        if (ChildJvm.class.getClassLoader() instanceof URLClassLoader loader) {
            for (URL url : loader.getURLs()) {
                try {
                    URI file = url.toURI();
                    entries.add(Path.of(file).toString());
                } catch (URISyntaxException e) {
                    throw new IllegalStateException("tests are loaded from " + url, e);
                }
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
