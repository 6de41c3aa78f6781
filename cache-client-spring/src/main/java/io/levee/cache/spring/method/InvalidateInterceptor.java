package io.levee.cache.spring.method;

import io.levee.cache.ReadThroughCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.expression.EvaluationContext;

/** Removes from the caches what methods with {@link io.levee.cache.spring.annotation.Invalidate} have made out of date. */
public final class InvalidateInterceptor implements MethodInterceptor {
    private final Supplier<AnnotatedMethods> methods;

    public InvalidateInterceptor(Supplier<AnnotatedMethods> methods) {
        this.methods = methods;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        Object result = invocation.proceed();
        AnnotatedMethods known = methods.get();
        InvalidatingMethod method = known.invalidating(invocation);
        EvaluationContext context =
                known.expressions().of(method.method(), invocation.getArguments(), invocation.getThis(), method.bean());
        context.setVariable("result", result);
        if (method.condition() == null || Boolean.TRUE.equals(method.condition().getValue(context, Boolean.class))) {
            Object key = method.allEntries()
                    ? null
                    : method.key() == null
                            ? SimpleKeyGenerator.generateKey(invocation.getArguments())
                            : method.key().getValue(context);
            for (String cache : method.caches()) {
                remove(known, method, cache, key);
            }
        }
        return result;
    }

    private static void remove(AnnotatedMethods known, InvalidatingMethod method, String name, Object key) {
        ReadThroughCache<Object, Object> cache = known.cacheOf(method, name);
        if (method.allEntries()) {
            cache.clear();
            return;
        }
        List<Object> keys = new ArrayList<>();
        if (key instanceof Collection<?> many) {
            keys.addAll(many);
        } else {
            keys.add(key);
        }
        for (Object one : keys) {
            if (!known.keyType(name).isInstance(one)) {
                throw new IllegalArgumentException("method " + method.named() + " invalidates in cache \"" + name
                        + "\", whose keys are of type " + known.keyType(name).getName() + ", a key that is "
                        + (one == null ? "null" : "a " + one.getClass().getName()));
            }
        }
        cache.invalidateAll(keys);
    }
}
