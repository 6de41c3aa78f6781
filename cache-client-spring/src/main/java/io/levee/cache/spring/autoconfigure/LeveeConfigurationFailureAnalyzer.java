package io.levee.cache.spring.autoconfigure;

import io.levee.cache.spring.LeveeConfigurationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says at start-up which property is wrong, what it is set to and where, and what to write. */
final class LeveeConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<LeveeConfigurationException> {
    private final Environment environment;

    LeveeConfigurationFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LeveeConfigurationException cause) {
        return new FailureAnalysis(cause.description() + where(cause.property()), cause.action(), cause);
    }

    private String where(String property) {
        if (property == null || !ConfigurationPropertyName.isValid(property)) {
            return "";
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        StringBuilder where = new StringBuilder();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            var found = source.getConfigurationProperty(name);
            if (found != null && where.isEmpty()) {
                where.append("\n\n    Property: ").append(property);
                where.append("\n    Value: ").append(found.getValue());
                if (found.getOrigin() != null) {
                    where.append("\n    Origin: ").append(found.getOrigin());
                }
            }
        });
        return where.toString();
    }
}
