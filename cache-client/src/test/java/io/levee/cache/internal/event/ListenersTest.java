package io.levee.cache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.OperationListener;
import io.levee.cache.monitor.OperationOutcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListenersTest {
    private static final NodeAddress NODE = new NodeAddress("10.0.0.2", 11211, 1);

    private final Log log = new Log();
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void closesLog() {
        log.close();
    }

    static Stream<Method> events() {
        return Arrays.stream(CacheListener.class.getDeclaredMethods()).filter(Method::isDefault);
    }

    /** Whatever the contract has grown: no event may be forgotten in the fan-out. */
    @ParameterizedTest
    @MethodSource("events")
    void everyEvent_reachesEveryListenerWithItsArguments(Method event) throws Exception {
        Listeners listeners = new Listeners(List.of(recorder("a"), recorder("b")));
        Object[] arguments = Arrays.stream(event.getParameterTypes())
                .map(ListenersTest::sample)
                .toArray();

        event.invoke(listeners, arguments);

        String call = event.getName() + Arrays.toString(arguments);
        assertThat(heard).containsExactly("a " + call, "b " + call);
    }

    @Test
    void operations_areTimedWhileSomebodyListensToThem() {
        OperationListener timed = (node, outcome, took) -> heard.add(node + " " + outcome + " " + took.toMillis());
        Listeners listeners = new Listeners(List.of(recorder("a")));
        assertThat(listeners.timesOperations()).isFalse();

        listeners.add(timed);
        assertThat(listeners.timesOperations()).isTrue();
        listeners.operationEnded(NODE, OperationOutcome.TIMEOUT, 2_000_000);
        listeners.remove(timed);

        assertThat(listeners.timesOperations()).isFalse();
        listeners.operationEnded(NODE, OperationOutcome.TIMEOUT, 2_000_000);
        assertThat(heard).containsExactly(NODE + " TIMEOUT 2");
    }

    @Test
    void handlerThrows_othersHearAndItIsLoggedOnce() {
        CacheListener broken = new CacheListener() {
            @Override
            public void nodeDown(NodeAddress node, String reason) {
                throw new IllegalStateException("pager is out of battery");
            }
        };
        Listeners listeners = new Listeners(List.of(broken, recorder("b")));

        for (int i = 0; i < 3; i++) {
            listeners.nodeDown(NODE, "connection refused");
        }

        assertThat(heard).hasSize(3);
        assertThat(log.events()).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains(broken.getClass().getName());
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("pager is out of battery");
        });
    }

    @Test
    void twoHandlersThrow_eachIsLogged() {
        Listeners listeners =
                new Listeners(List.of(throwing(new IllegalStateException()), throwing(new AssertionError())));

        listeners.nodeDown(NODE, "x");
        listeners.nodeDown(NODE, "x");

        assertThat(log.events()).hasSize(2);
    }

    @Test
    void handlerThrowsAnError_theFiringThreadLives() {
        Listeners listeners = new Listeners(List.of(throwing(new StackOverflowError()), recorder("b")));

        assertThatCode(() -> listeners.nodeDown(NODE, "x")).doesNotThrowAnyException();
        assertThat(heard).hasSize(1);
    }

    @Test
    void listenerAddedLater_hearsWhatComesLater() {
        Listeners listeners = new Listeners(List.of());
        listeners.nodeDown(NODE, "first");

        listeners.add(recorder("late"));
        listeners.nodeDown(NODE, "second");

        assertThat(heard).containsExactly("late nodeDown[10.0.0.2:11211, second]");
    }

    private CacheListener recorder(String name) {
        return (CacheListener) Proxy.newProxyInstance(
                CacheListener.class.getClassLoader(),
                new Class<?>[] {CacheListener.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return invoke(method, arguments);
                    }
                    heard.add(name + " " + method.getName() + Arrays.toString(arguments));
                    return null;
                });
    }

    private Object invoke(Method method, Object[] arguments) throws IllegalAccessException, InvocationTargetException {
        return method.invoke(this, arguments);
    }

    private static CacheListener throwing(Throwable thrown) {
        return new CacheListener() {
            @Override
            public void nodeDown(NodeAddress node, String reason) {
                ListenersTest.<RuntimeException>sneak(thrown);
            }
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static Object sample(Class<?> type) {
        if (type == NodeAddress.class) {
            return NODE;
        } else if (type == String.class) {
            return "text";
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        } else if (type == int.class) {
            return 7;
        } else if (type == Throwable.class) {
            return new IllegalStateException("cause");
        } else if (type == List.class) {
            return List.of(NODE);
        } else if (type == ReadThroughCache.class) {
            return null;
        } else if (type == Advisory.class) {
            return new Advisory(Advisory.Code.RESTARTED, NODE, "detail", Instant.EPOCH);
        }
        throw new IllegalArgumentException("no sample of " + type);
    }
}
