package io.levee.cache.spring.docs;

import io.levee.cache.spring.Application;
import io.levee.examples.memcached.MemcachedNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.MemcachedClient;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

/** Runs what stands on pages. */
final class Pages {
    private Pages() {}

    /** An application with a page's class as a bean, over a database with these rows. */
    static ApplicationContextRunner application(MemcachedNode node, Class<?> bean, Site.Pledge... rows) {
        return Application.on(node)
                .withClassLoader(bean.getClassLoader())
                .withBean("database", Site.StatsDatabase.class, () -> Site.StatsDatabase.with(rows))
                .withBean(bean);
    }

    /** The properties of a block, with a real node, and time for a busy machine. */
    static String[] propertiesOn(Page.Block block, MemcachedNode node) {
        return Stream.concat(
                        block.text()
                                .lines()
                                .map(line -> line.startsWith("levee.nodes=") ? "levee.nodes=" + node.address() : line),
                        Stream.of("levee.operation-timeout=5s", "levee.connect-timeout=10s"))
                .toArray(String[]::new);
    }

    /** Whether memcached has something under a key, as any client sees it. It has afterwards. */
    static boolean isTaken(MemcachedNode node, String key) throws Exception {
        MemcachedClient another = new MemcachedClient(AddrUtil.getAddresses(node.address()));
        try {
            return !another.add(key, 0, "x").get();
        } finally {
            another.shutdown();
        }
    }

    /** Calls a method of a page's class by its name. */
    static Object call(Object target, String name, Object... arguments) throws Exception {
        Class<?> type = target.getClass();
        Method method = Stream.<Class<?>>iterate(type, one -> one != null, Class::getSuperclass)
                .flatMap(one -> Arrays.stream(one.getDeclaredMethods()))
                .filter(one -> one.getName().equals(name) && accepts(one, arguments))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no method " + name + Arrays.toString(arguments)));
        method.setAccessible(true);
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static boolean accepts(Method method, Object... arguments) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!ClassUtils.resolvePrimitiveIfNecessary(parameters[i]).isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
