package io.levee.cache.spring.method;

import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import org.springframework.expression.Expression;

/**
 * A method with {@link io.levee.cache.spring.annotation.ReadThrough}, read and checked. Immutable.
 *
 * @param bean the class whose method it is
 * @param cache the name of the cache that it loads
 * @param keyType the keys' type, if it is one that the core writes by itself; else Object, whose text is Spring's key's
 * @param valueType of one value
 * @param key null if the key is the arguments
 * @param condition null for always
 * @param unless null for never
 * @param ids which parameter is a collection of ids; -1 if there is none, and a call has one key
 * @param keyIsArgument whether the key gives the arguments back: they are the key, or there are none
 * @param settings those of the annotation, nulls else
 * @param periodic null if it is not kept warm
 */
record ReadThroughMethod(
        Class<?> bean,
        Method method,
        String cache,
        Class<?> keyType,
        Type valueType,
        Expression key,
        Expression condition,
        Expression unless,
        int ids,
        boolean keyIsArgument,
        CacheOptions settings,
        PeriodicWriteThrough periodic) {

    boolean isBulk() {
        return ids >= 0;
    }

    /** As messages call it. */
    String named() {
        return name(bean, method);
    }

    static String name(Class<?> bean, Method method) {
        return bean.getName() + "." + method.getName();
    }

    /** Whether the cache may run it by itself, without any caller's arguments. */
    boolean runsByKey() {
        return keyIsArgument && condition == null;
    }
}
