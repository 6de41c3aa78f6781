package io.levee.cache.spring.method;

import java.lang.reflect.Method;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.CachedExpressionEvaluator;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;

/**
 * SpEL about a call, with what Spring's cache annotations have: arguments by name, {@code #p0}, {@code #a0}, {@code #root} with method,
 * target and args, {@code @bean}, and {@code #result}.
 */
final class CallExpressions extends CachedExpressionEvaluator {
    private final BeanFactory beans;

    CallExpressions(BeanFactory beans) {
        this.beans = beans;
    }

    /** Null for none. */
    Expression parse(String text) throws ParseException {
        return text.isEmpty() ? null : parseExpression(text);
    }

    /** Null if the class was compiled without parameter names. */
    String[] parameterNames(Method method) {
        return getParameterNameDiscoverer().getParameterNames(method);
    }

    /** @param method the target's */
    EvaluationContext of(Method method, Object[] arguments, Object target, Class<?> targetClass) {
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(
                new Root(method, arguments, target, targetClass), method, arguments, getParameterNameDiscoverer());
        context.setBeanResolver(new BeanFactoryResolver(beans));
        return context;
    }

    /** What {@code #root} is. SpEL wants getters. */
    static final class Root {
        private final Method method;
        private final Object[] args;
        private final Object target;
        private final Class<?> targetClass;

        Root(Method method, Object[] args, Object target, Class<?> targetClass) {
            this.method = method;
            this.args = args;
            this.target = target;
            this.targetClass = targetClass;
        }

        public Method getMethod() {
            return method;
        }

        public String getMethodName() {
            return method.getName();
        }

        public Object[] getArgs() {
            return args;
        }

        public Object getTarget() {
            return target;
        }

        public Class<?> getTargetClass() {
            return targetClass;
        }
    }
}
