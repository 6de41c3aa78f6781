package io.levee.cache.spring.method;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method as its cache's own loader, which has the key and no caller: the periodic write-through's. It calls the bean as anybody would,
 * through its proxy, so that transactions and the like are there; only the cache lets this call pass.
 */
final class OwnLoads implements CacheLoader<Object, Object>, BulkLoader<Object, Object> {
    /** Which method this thread is calling for its cache; only until the call has come to the cache. */
    private static final ThreadLocal<ReadThroughMethod> PASSING = new ThreadLocal<>();

    private final ReadThroughMethod method;
    private final BeanFactory beans;
    private final String beanName;

    OwnLoads(ReadThroughMethod method, BeanFactory beans, String beanName) {
        this.method = method;
        this.beans = beans;
        this.beanName = beanName;
    }

    /** Whether the call that has come to the cache is a load of it. It is not, if the method calls itself. */
    static boolean takesIn(ReadThroughMethod called) {
        if (!called.equals(PASSING.get())) {
            return false;
        }
        PASSING.remove();
        return true;
    }

    @Override
    public Object load(Object key) throws Exception {
        if (method.method().getParameterCount() == 0) {
            return MethodCall.unwrapped(call());
        }
        Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(method.method().getParameterTypes()[0]);
        if (!wanted.isInstance(key)) {
            throw new IllegalArgumentException(
                    "method " + method.named() + " takes a " + wanted.getName() + ", but this key of its cache \""
                            + method.cache() + "\" is a " + key.getClass().getName());
        }
        return MethodCall.unwrapped(call(key));
    }

    @Override
    public Map<?, ?> loadAll(Collection<?> keys) throws Exception {
        return (Map<?, ?>) call(MethodCall.ids(method, keys));
    }

    private Object call(Object... arguments) throws Exception {
        Object bean = beans.getBean(beanName);
        Method callable = AopUtils.selectInvocableMethod(method.method(), bean.getClass());
        ReflectionUtils.makeAccessible(callable);
        ReadThroughMethod outer = PASSING.get();
        PASSING.set(method);
        try {
            return callable.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            ReflectionUtils.rethrowException(e.getTargetException());
            throw new IllegalStateException("is thrown above", e);
        } finally {
            if (outer == null) {
                PASSING.remove();
            } else {
                PASSING.set(outer);
            }
        }
    }
}
