package io.levee.examples.consistency.history;

/**
 * What is cached: it tells which version of which item it is, and which process made it.
 */
public record Value(String item, long version, String madeBy) {
    @Override
    public String toString() {
        return item + ":" + version + ":" + madeBy;
    }

    /**
     * Reads what {@link #toString} gave.
     *
     * @throws IllegalArgumentException if it is no such value
     */
    public static Value parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a value of this run: " + text);
        }
        return new Value(parts[0], Long.parseLong(parts[1]), parts[2]);
    }
}
