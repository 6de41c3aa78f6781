package io.levee.examples.site.ops;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts {@link LoopbackOnly} before the buttons. */
@Configuration(proxyBeanMethods = false)
class OpsConfiguration implements WebMvcConfigurer {
    private final LoopbackOnly loopbackOnly;

    OpsConfiguration(LoopbackOnly loopbackOnly) {
        this.loopbackOnly = loopbackOnly;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(loopbackOnly).addPathPatterns("/ops/**");
    }
}
