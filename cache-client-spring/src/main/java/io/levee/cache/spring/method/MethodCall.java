package io.levee.cache.spring.method;

import io.levee.cache.BulkLoadException;
import io.levee.cache.CacheException;
import io.levee.cache.LoadException;
import io.levee.cache.ReadThroughCache;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;

/**
 * One call of a {@link ReadThroughMethod}. It is the loader of the values that it asks for: it runs the method with its own arguments,
 * on the caller's thread or later behind it, and each time what stands between the proxy and the method, such as a transaction, too.
 */
final class MethodCall {
    private final ReadThroughMethod method;
    private final MethodInvocation invocation;
    private final CallExpressions expressions;
    private final ReadThroughCache<Object, Object> cache;

    MethodCall(
            ReadThroughMethod method,
            MethodInvocation invocation,
            CallExpressions expressions,
            ReadThroughCache<Object, Object> cache) {
        this.method = method;
        this.invocation = invocation;
        this.expressions = expressions;
        this.cache = cache;
    }

    /** What the caller gets. */
    Object answer() throws Throwable {
        if (method.condition() != null && !holds(method.condition(), context())) {
            return invocation.proceed();
        }
        return method.isBulk() ? many() : one();
    }

    /** For the cache's own load: runs the method at once, and keeps nothing that {@code unless} forbids. */
    Object load() throws Throwable {
        Object result = invocation.proceed();
        if (method.unless() != null) {
            if (method.isBulk()) {
                removeVetoed(ids(), (Map<?, ?>) result);
            } else {
                removeVetoed(key(), unwrapped(result));
            }
        }
        return result;
    }

    private Object one() throws Throwable {
        try {
            Object value = cache.get(key(), this::loadOne);
            return method.method().getReturnType() == Optional.class ? Optional.ofNullable(value) : value;
        } catch (LoadException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private Object many() throws Throwable {
        try {
            return cache.getAll(ids(), this::loadMany);
        } catch (BulkLoadException e) {
            for (CacheException failure : e.failures().values()) {
                if (failure instanceof LoadException && failure.getCause() != null) {
                    throw failure.getCause();
                }
            }
            throw e;
        }
    }

    private Object loadOne(Object key) throws Exception {
        Object value = unwrapped(run(invocation.getArguments()));
        removeVetoed(key, value);
        return value;
    }

    private Map<?, ?> loadMany(Collection<?> missing) throws Exception {
        Object[] arguments = invocation.getArguments().clone();
        arguments[method.ids()] = ids(method, missing);
        Map<?, ?> values = (Map<?, ?>) run(arguments);
        removeVetoed(missing, values);
        return values;
    }

    /** A copy for each run: an invocation remembers how far it has come. */
    private Object run(Object[] arguments) throws Exception {
        try {
            return ((ProxyMethodInvocation) invocation)
                    .invocableClone(arguments)
                    .proceed();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UndeclaredThrowableException(e);
        }
    }

    /** As the parameter wants them. */
    static Object ids(ReadThroughMethod method, Collection<?> ids) {
        return method.method().getParameterTypes()[method.ids()] == Set.class
                ? new LinkedHashSet<>(ids)
                : new ArrayList<>(ids);
    }

    static Object unwrapped(Object result) {
        return result instanceof Optional<?> optional ? optional.orElse(null) : result;
    }

    /**
     * Within the load, so that nothing of it is stored: who waits for the load gets its value all the same. Afterwards, another could have
     * read it.
     */
    private void removeVetoed(Object key, Object value) {
        if (method.unless() != null && isVetoed(context(), value)) {
            cache.invalidate(key);
        }
    }

    private void removeVetoed(Collection<?> ids, Map<?, ?> values) {
        if (method.unless() == null || values == null) {
            return;
        }
        EvaluationContext context = context();
        List<Object> vetoed = new ArrayList<>();
        for (Object id : ids) {
            if (isVetoed(context, values.get(id))) {
                vetoed.add(id);
            }
        }
        cache.invalidateAll(vetoed);
    }

    private boolean isVetoed(EvaluationContext context, Object value) {
        context.setVariable("result", value);
        return holds(method.unless(), context);
    }

    private static boolean holds(Expression expression, EvaluationContext context) {
        return Boolean.TRUE.equals(expression.getValue(context, Boolean.class));
    }

    private Object key() {
        Object[] arguments = invocation.getArguments();
        Object key;
        if (method.key() != null) {
            key = method.key().getValue(context());
        } else {
            key = arguments.length == 1 && arguments[0] == null ? null : SimpleKeyGenerator.generateKey(arguments);
        }
        if (key == null) {
            throw new IllegalArgumentException("method " + method.named() + ": the key of cache \"" + method.cache()
                    + "\" is null"
                    + (method.key() == null ? "" : ", by " + method.key().getExpressionString()));
        }
        return key;
    }

    private Collection<?> ids() {
        Collection<?> ids = (Collection<?>) invocation.getArguments()[method.ids()];
        // Not by contains: some collections refuse even to be asked for null.
        if (ids == null || ids.stream().anyMatch(id -> id == null)) {
            throw new IllegalArgumentException(
                    "method " + method.named() + ": " + (ids == null ? "the ids are" : "an id is") + " null");
        }
        return ids;
    }

    private EvaluationContext context() {
        return expressions.of(method.method(), invocation.getArguments(), invocation.getThis(), method.bean());
    }
}
