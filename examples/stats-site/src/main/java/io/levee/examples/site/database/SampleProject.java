package io.levee.examples.site.database;

import io.levee.examples.site.projects.Category;
import java.util.List;
import java.util.Locale;

/** A made-up project. */
record SampleProject(String title, String blurb, String creator, Category category) {
    private static final List<Category> CATEGORIES = List.of(Category.values());
    private static final String[] KINDS = {
        "Pocket",
        "Solar",
        "Folding",
        "Open",
        "Midnight",
        "Paper",
        "Harbour",
        "Analogue",
        "Wooden",
        "Second-hand",
        "Quiet"
    };
    private static final String[] CREATORS = {
        "Ada", "Bruno", "Chidi", "Dagny", "Emeka", "Farida", "Goro", "Hanne", "Ines", "Jonas", "Kalina", "Luca", "Mina"
    };

    static SampleProject of(int id) {
        int number = (id - 1) % CATEGORIES.size();
        int round = (id - 1) / CATEGORIES.size();
        Category category = CATEGORIES.get(number);
        List<String> things = things(category);
        String kind = KINDS[(round + 3 * number) % KINDS.length];
        String thing = things.get(round % things.size());
        int edition = 1 + round / (KINDS.length * things.size());
        String title = kind + " " + thing + (edition == 1 ? "" : " " + edition);
        String creator = CREATORS[id % CREATORS.length];
        String blurb = "A " + (kind + " " + thing).toLowerCase(Locale.ROOT) + " that " + creator
                + " has wanted to make for years. Every pledge brings it a step closer; backers get the first ones.";
        return new SampleProject(title, blurb, creator, category);
    }

    private static List<String> things(Category category) {
        return switch (category) {
            case ART -> List.of("Mural", "Portraits", "Print Shop", "Sketchbook", "Gallery");
            case BOOKS -> List.of("Picture Book", "Almanac", "Atlas", "Poems", "Field Guide");
            case FILM -> List.of("Documentary", "Short Film", "Cinema Van", "Animation", "Film School");
            case FOOD -> List.of("Noodle Bar", "Bakery", "Cider Press", "Cookbook", "Tea House");
            case GAMES -> List.of("Dungeon", "Card Game", "Chess Set", "Puzzle Box", "Arcade");
            case MUSIC -> List.of("Record", "String Quartet", "Synthesizer", "Choir", "Radio Play");
            case TECHNOLOGY -> List.of("Telescope", "Weather Station", "Repair Kit", "Bicycle Lamp", "Keyboard");
            case TOWN -> List.of("Playground", "Theatre", "Community Garden", "Swimming Club", "Festival");
        };
    }

    /** A goal that is between a fifth and one and a half times reached. */
    static long goalCents(int id, long raisedCents) {
        int percent = 20 + id * 37 % 130;
        return Math.max(100_000, raisedCents * 100 / percent / 100_000 * 100_000);
    }
}
