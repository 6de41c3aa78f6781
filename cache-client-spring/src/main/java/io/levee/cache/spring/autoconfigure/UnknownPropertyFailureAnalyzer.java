package io.levee.cache.spring.autoconfigure;

import io.levee.cache.spring.CacheOptions;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which properties there are, where one of {@code levee.*} does not exist. Spring Boot's own says only that it does not. */
@Order(Ordered.LOWEST_PRECEDENCE - 100)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
    private static final ConfigurationPropertyName LEVEE = ConfigurationPropertyName.of("levee");

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        if (!(cause.getCause() instanceof UnboundConfigurationPropertiesException unbound)
                || !LEVEE.isAncestorOf(
                        unbound.getUnboundProperties().iterator().next().getName())) {
            return null;
        }
        StringBuilder description = new StringBuilder("There is no such property of Levee:");
        StringBuilder action = new StringBuilder("Correct or remove it.");
        String before = "";
        for (ConfigurationProperty property : unbound.getUnboundProperties()) {
            description.append("\n\n    Property: ").append(property.getName());
            description.append("\n    Value: ").append(property.getValue());
            if (property.getOrigin() != null) {
                description.append("\n    Origin: ").append(property.getOrigin());
            }
            String there = whatIsThere(property.getName());
            if (!there.equals(before)) {
                action.append(' ').append(there);
                before = there;
            }
        }
        return new FailureAnalysis(description.toString(), action.toString(), cause);
    }

    /** The names beside the one that does not exist. */
    private static String whatIsThere(ConfigurationPropertyName name) {
        Class<?> here = LeveeProperties.class;
        int i = 1;
        while (i < name.getNumberOfElements()) {
            RecordComponent found = component(here, name.getElement(i, Form.UNIFORM));
            if (found == null) {
                break;
            }
            boolean ofOneCache = found.getType() == Map.class && i + 1 < name.getNumberOfElements();
            Class<?> below = ofOneCache ? CacheOptions.class : found.getType();
            i += ofOneCache ? 2 : 1;
            if (!below.isRecord()) {
                return name.chop(i) + " has nothing below it.";
            }
            here = below;
        }
        return "Below " + name.chop(i) + " there are: "
                + Arrays.stream(here.getRecordComponents())
                        .map(component -> dashed(component.getName()))
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private static RecordComponent component(Class<?> type, String uniform) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equalsIgnoreCase(uniform))
                .findFirst()
                .orElse(null);
    }

    /** {@code stale-for} of {@code staleFor}. */
    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
