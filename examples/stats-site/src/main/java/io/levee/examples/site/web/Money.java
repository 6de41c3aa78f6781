package io.levee.examples.site.web;

import java.util.Locale;
import org.springframework.stereotype.Component;

/** How money is written on the pages. */
@Component("money")
public class Money {
    /** Whole euros: {@code €12,345}. */
    public String euros(long cents) {
        return String.format(Locale.ENGLISH, "€%,d", cents / 100);
    }
}
