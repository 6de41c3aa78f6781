package io.levee.cache.spring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * This application's configuration of Levee cannot work. Says what is wrong, and what to do; at start-up Spring Boot prints both
 * instead of a stack trace.
 */
public final class LeveeConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** As the builders say it: what must be what, but is what. */
    private static final Pattern BOUND = Pattern.compile("must be (.+), but (?:is|are) ");

    private final String property;
    private final String action;

    /**
     * What is wrong, apart from any property.
     *
     * @param description what is wrong
     * @param action what to do, a sentence
     */
    public LeveeConfigurationException(String description, String action) {
        this(null, description, action, null);
    }

    /**
     * What is wrong with a property.
     *
     * @param property its full name; null if it is not about one
     * @param cause may be null
     */
    public LeveeConfigurationException(String property, String description, String action, Throwable cause) {
        super(description + " " + action, cause);
        this.property = property;
        this.action = action;
    }

    /**
     * A builder refused what a property says.
     *
     * @param cause the builder's; its message has the value and the bound
     */
    public static LeveeConfigurationException refused(String property, IllegalArgumentException cause) {
        String message = String.valueOf(cause.getMessage());
        Matcher bound = BOUND.matcher(message);
        return new LeveeConfigurationException(
                property,
                property + " is refused: " + message + ".",
                bound.find() ? "Set " + property + " to " + bound.group(1) + "." : "Change or remove " + property + ".",
                cause);
    }

    /** The property's full name, {@code levee.caches.stats.near-cache}; null if it is not about one. */
    public String property() {
        return property;
    }

    /** What is wrong. */
    public String description() {
        return getMessage().substring(0, getMessage().length() - action.length() - 1);
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
