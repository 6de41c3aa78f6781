package io.levee.examples.consistency.link;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A bug to be found, made by changing what a client says to its node: Levee's own code stays as it is. A command that is to be lost is
 * sent for a key that nobody has, so that the node answers it in its turn, and the client believes that it was done.
 */
public enum Plant {
    NONE("none", "no bug"),
    /** Fills are stored whatever happened to the item since their load began. */
    FILL_WITHOUT_TOKEN("fill-without-token", "fills are stored without their token") {
        @Override
        String changed(String command, Situation situation) {
            return command.startsWith("ms ") ? TOKEN.matcher(command).replaceAll("") : command;
        }
    },
    /** What a client makes up for when a node is back is lost: nothing else is removed so soon after a reconnect. */
    NO_REPLAY("no-replay", "removals in the first second of a new connection are lost") {
        @Override
        String changed(String command, Situation situation) {
            return situation.connection() > 1 && situation.ageMillis() < 1_000 ? lost(command) : command;
        }
    },
    /** A node confirms removals that it did not make. */
    LOST_INVALIDATION("lost-invalidation", "one removal of twenty is lost") {
        @Override
        String changed(String command, Situation situation) {
            return situation.removals() % 20 == 19 ? lost(command) : command;
        }
    };

    /** On a node that was started lately an empty item is stored in place of what is removed. */
    private static final Pattern REMOVAL = Pattern.compile("md |ms \\S+ 0 ");

    private static final Pattern TOKEN = Pattern.compile(" C\\d+");

    private final String flag;
    private final String meaning;

    Plant(String flag, String meaning) {
        this.flag = flag;
        this.meaning = meaning;
    }

    /**
     * Where a command comes.
     *
     * @param connection which connection of its link it is on, from 1
     * @param ageMillis how long the connection has been there
     * @param removals how many removals were said on it before this command
     */
    record Situation(int connection, long ageMillis, int removals) {}

    /** What the node is told instead of {@code command}, a line without its end. */
    String changed(String command, Situation situation) {
        return command;
    }

    /** Whether the line removes an item; a lease that is given back is no removal. */
    static boolean isRemoval(String command) {
        return REMOVAL.matcher(command).lookingAt() && !TOKEN.matcher(command).find();
    }

    static String lost(String command) {
        return isRemoval(command) ? command.substring(0, 3) + "lost-" + command.substring(3) : command;
    }

    public String flag() {
        return flag;
    }

    public String meaning() {
        return meaning;
    }

    public static List<String> flags() {
        return Arrays.stream(values()).map(Plant::flag).toList();
    }

    /**
     * The plant that is asked for by this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Plant of(String flag) {
        return Arrays.stream(values())
                .filter(plant -> plant.flag.equals(flag))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no plant " + flag));
    }
}
