package io.levee.cache.spring.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Which methods an interceptor is for: those with an annotation. Stands outside of what has the lowest precedence, as {@code
 * @Transactional} has: a hit begins no transaction, a load does, and what is invalidated is committed before.
 */
public final class AnnotatedMethodAdvisor extends AbstractBeanFactoryPointcutAdvisor {
    private static final long serialVersionUID = 1L;

    private static final int OUTSIDE_OF_TRANSACTIONS = Ordered.LOWEST_PRECEDENCE - 100;

    private final transient Pointcut pointcut;

    /** @param interceptor the name of its bean, which is made when the first method is called */
    public AnnotatedMethodAdvisor(Class<? extends Annotation> annotation, String interceptor) {
        pointcut = new Annotated(annotation);
        setAdviceBeanName(interceptor);
        setOrder(OUTSIDE_OF_TRANSACTIONS);
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }

    private static final class Annotated extends StaticMethodMatcherPointcut {
        private final Class<? extends Annotation> annotation;

        Annotated(Class<? extends Annotation> annotation) {
            this.annotation = annotation;
            setClassFilter(new OfCandidates(annotation));
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return AnnotatedElementUtils.hasAnnotation(method, annotation);
        }
    }

    private record OfCandidates(Class<? extends Annotation> annotation) implements ClassFilter {
        @Override
        public boolean matches(Class<?> type) {
            return AnnotationUtils.isCandidateClass(type, annotation);
        }
    }
}
