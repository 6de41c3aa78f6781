package io.levee.cache.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.context.ContextRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes from a caller's thread to the client's, and what stays there. */
class ContextCarrierTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();
    private static final ThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    private final ClientThreads threads = new ClientThreads("carrier", false);

    @BeforeEach
    void start() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("user", USER);
    }

    @AfterEach
    void stop() {
        threads.close();
        USER.remove();
        INHERITED.remove();
        ContextRegistry.getInstance().removeThreadLocalAccessor("user");
    }

    private static <T> T on(LoaderThreads where, Callable<T> step) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return step.call();
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        },
                        where)
                .join();
    }

    @Test
    void load_inItsCallersContext_leavesNothingOnTheThread() {
        USER.set("ann");
        LoaderThreads anns = threads.loaders().withContext();
        USER.set("bob");

        String seen = on(anns, () -> {
            String during = anns.call(() -> {
                String user = USER.get();
                USER.set("left behind");
                return user;
            });
            return during + ", then " + USER.get();
        });

        assertThat(seen).isEqualTo("ann, then null");
        assertThat(anns.withContext()).as("captured once").isSameAs(anns);
    }

    @Test
    void load_thatThrows_leavesNothingOnTheThread() {
        USER.set("ann");
        LoaderThreads anns = threads.loaders().withContext();

        String after = on(anns, () -> {
            assertThatThrownBy(() -> anns.call(() -> {
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("down");
            return USER.get();
        });

        assertThat(after).isNull();
    }

    @Test
    void load_ofACallerWithoutAValue_seesNone() {
        LoaderThreads nobodys = threads.loaders().withContext();

        String seen = on(nobodys, () -> {
            USER.set("left by another");
            return nobodys.call(USER::get) + ", then " + USER.get();
        });

        assertThat(seen).isEqualTo("null, then left by another");
    }

    @Test
    void threadsOfTheClient_inheritNothingFromWhoFirstNeededThem() {
        INHERITED.set("ann");

        assertThat(on(threads.loaders(), INHERITED::get)).isNull();
        assertThat(CompletableFuture.supplyAsync(INHERITED::get, threads.callbacks())
                        .join())
                .isNull();
        CompletableFuture<String> timed = new CompletableFuture<>();
        Future<?> unused = threads.timer().after(0, () -> timed.complete(INHERITED.get()));
        assertThat(timed.join()).isNull();
    }

    @Test
    void libraryThatIsNotThere_isDoneWithout() throws Exception {
        URL[] ours = {
            ClientThreads.class.getProtectionDomain().getCodeSource().getLocation(),
            ContextCarrierTest.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (URLClassLoader bare = new URLClassLoader(ours, ClassLoader.getPlatformClassLoader())) {
            Class<?> there = bare.loadClass(WithoutTheLibrary.class.getName());
            assertThat(there).isNotSameAs(WithoutTheLibrary.class);
            assertThatThrownBy(() -> bare.loadClass(ContextRegistry.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);

            Callable<?> load = (Callable<?>) there.getDeclaredConstructor().newInstance();

            assertThat(load.call()).isEqualTo("loaded on levee-bare-loader-1");
        }
    }

    /** Runs where there are no classes but the JDK's and Levee's own. */
    public static final class WithoutTheLibrary implements Callable<String> {
        @Override
        public String call() throws Exception {
            try (ClientThreads threads = new ClientThreads("bare", false)) {
                LoaderThreads plain = threads.loaders().withContext();
                if (plain != threads.loaders()) {
                    return "something was captured";
                }
                return CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return plain.call(() -> "loaded on "
                                                + Thread.currentThread().getName());
                                    } catch (Exception e) {
                                        return e.toString();
                                    }
                                },
                                plain)
                        .get();
            }
        }
    }
}
