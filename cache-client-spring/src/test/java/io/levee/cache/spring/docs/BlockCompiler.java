package io.levee.cache.spring.docs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles blocks of Java: declarations of classes, with the imports that every page has. */
final class BlockCompiler {
    private static final String PACKAGE = "page";

    /** As a reader's editor would add them. */
    private static final String IMPORTS = List.of(
                    "com.github.benmanes.caffeine.cache.Caffeine",
                    "io.levee.cache.*",
                    "io.levee.cache.client.CacheClient",
                    "io.levee.cache.codec.*",
                    "io.levee.cache.monitor.*",
                    "io.levee.cache.discovery.*",
                    "io.levee.cache.spring.*",
                    "io.levee.cache.spring.annotation.*",
                    "io.levee.cache.spring.docs.Site.*",
                    "java.io.*",
                    "java.time.*",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "net.spy.memcached.*",
                    "net.spy.memcached.internal.*",
                    "org.springframework.cache.CacheManager",
                    "org.springframework.cache.annotation.*",
                    "org.springframework.cache.caffeine.*",
                    "org.springframework.context.annotation.*",
                    "org.springframework.transaction.annotation.*")
            .stream()
            .map(name -> "import " + name + ";")
            .collect(Collectors.joining(" "));

    private static final Pattern CLASS =
            Pattern.compile("^(?:final )?(?:class|record|interface) (\\w+)", Pattern.MULTILINE);
    private static final Pattern NODES = Pattern.compile("(?:\"?10\\.0\\.0\\.\\d:11211\"?(?:, ?)?)+");

    private BlockCompiler() {}

    /**
     * Compiles a block, with its nodes replaced by a real one.
     *
     * @return the first class in it
     * @throws AssertionError with the compiler's words, if it does not compile
     */
    static Class<?> compile(Page.Block block, String node) {
        Matcher first = CLASS.matcher(block.text());
        if (!first.find()) {
            throw new AssertionError(block + " declares no class");
        }
        String name = PACKAGE + "." + first.group(1);
        // The lines stay where they are, so that an error's line can be counted on the page.
        String text = "package " + PACKAGE + "; " + IMPORTS + "\n"
                + NODES.matcher(block.text()).replaceAll(Matcher.quoteReplacement('"' + node + '"'));
        Map<String, byte[]> classes = compile(block, name, text);
        try {
            return new Compiled(classes).loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, byte[]> compile(Page.Block block, String name, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(said, null, null)) {
            boolean compiled = compiler.getTask(
                            null,
                            new InMemory(standard, written),
                            said,
                            List.of("-parameters", "-proc:none", "-Xlint:-options"),
                            null,
                            List.of(new Source(name, text)))
                    .call();
            if (!compiled) {
                throw new AssertionError(said.getDiagnostics().stream()
                        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                        .map(one -> block.page() + ".md:" + (block.line() + one.getLineNumber() - 1) + ": "
                                + one.getMessage(null))
                        .collect(Collectors.joining("\n")));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written;

        InMemory(JavaFileManager standard, Map<String, ByteArrayOutputStream> written) {
            super(standard);
            this.written = written;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
                }
            };
        }
    }

    /** A block's classes see those of the tests. */
    private static final class Compiled extends ClassLoader {
        private final Map<String, byte[]> classes;

        Compiled(Map<String, byte[]> classes) {
            super(BlockCompiler.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
