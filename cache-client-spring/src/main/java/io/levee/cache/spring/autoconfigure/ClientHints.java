package io.levee.cache.spring.autoconfigure;

import java.util.List;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** What the client, and the libraries behind it, reach by name. A native image has of such only what it is told of. */
final class ClientHints implements RuntimeHintsRegistrar {
    /** Named by a system property. */
    private static final String LOGGER = "net.spy.memcached.compat.log.SLF4JLogger";

    /** Caffeine has a class of caches for each choice of features, and one of their entries, and finds them by their letters. */
    private static final List<String> CACHES = List.of("SSMS", "SSMSA", "SSMSW", "SSMW");

    private static final List<String> ENTRIES = List.of("PSAMS", "PSMS", "PSMW", "PSWMS");

    /** They are looked for, and done without if they are not there. */
    private static final List<String> OPTIONAL =
            List.of("tools.jackson.databind.json.JsonMapper", "io.micrometer.context.ContextSnapshotFactory");

    @Override
    public void registerHints(RuntimeHints hints, ClassLoader classes) {
        ReflectionHints reflection = hints.reflection();
        reflection.registerType(
                TypeReference.of(LOGGER),
                logger -> logger.withConstructor(TypeReference.listOf(String.class), ExecutableMode.INVOKE));
        CACHES.forEach(letters -> reflection.registerType(caffeine(letters), cache -> cache.withField("FACTORY")));
        ENTRIES.forEach(letters -> reflection.registerType(
                caffeine(letters), entry -> entry.withMembers(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)));
        OPTIONAL.forEach(name -> reflection.registerTypeIfPresent(classes, name, found -> {}));
        virtualThreads(reflection);
    }

    private static TypeReference caffeine(String letters) {
        return TypeReference.of("com.github.benmanes.caffeine.cache." + letters);
    }

    /** Of JDK 21, while the client is compiled for 17. */
    private static void virtualThreads(ReflectionHints reflection) {
        reflection.registerType(
                Thread.class, thread -> thread.withMethod("ofVirtual", List.of(), ExecutableMode.INVOKE));
        reflection.registerType(
                TypeReference.of("java.lang.Thread$Builder$OfVirtual"),
                builder -> builder.withMethod(
                                "name", TypeReference.listOf(String.class, long.class), ExecutableMode.INVOKE)
                        .withMethod(
                                "inheritInheritableThreadLocals",
                                TypeReference.listOf(boolean.class),
                                ExecutableMode.INVOKE)
                        .withMethod("factory", List.of(), ExecutableMode.INVOKE));
    }
}
