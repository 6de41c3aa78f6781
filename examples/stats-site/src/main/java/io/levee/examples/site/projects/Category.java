package io.levee.examples.site.projects;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What kind of thing a project makes. */
public enum Category {
    ART("Art"),
    BOOKS("Books"),
    FILM("Film"),
    FOOD("Food"),
    GAMES("Games"),
    MUSIC("Music"),
    TECHNOLOGY("Technology"),
    TOWN("Town life");

    private final String title;

    Category(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** How it is written in addresses. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that an address names. */
    public static Optional<Category> of(String slug) {
        return Arrays.stream(values())
                .filter(category -> category.slug().equals(slug))
                .findFirst();
    }
}
