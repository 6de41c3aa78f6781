package io.levee.cache.spring.method;

import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;

/** Answers calls of methods with {@link io.levee.cache.spring.annotation.ReadThrough} from their caches. */
public final class ReadThroughInterceptor implements MethodInterceptor {
    private final Supplier<AnnotatedMethods> methods;

    public ReadThroughInterceptor(Supplier<AnnotatedMethods> methods) {
        this.methods = methods;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        AnnotatedMethods known = methods.get();
        ReadThroughMethod method = known.loading(invocation);
        MethodCall call = known.call(method, invocation);
        return OwnLoads.takesIn(method) ? call.load() : call.answer();
    }
}
