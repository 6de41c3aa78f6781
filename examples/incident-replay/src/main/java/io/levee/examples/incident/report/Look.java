package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How one client appears all through the report: its name for readers, and the slot that gives its colour and line style.
 *
 * @param slot 0 is Levee's, 1 and up the others'
 */
record Look(int slot, String name) {
    private static final int SLOTS = 4;

    /** One look for each run, in their order. Levee looks the same in every report, whoever it is compared with. */
    static List<Look> ofAll(List<ClientRun> runs) {
        List<Look> looks = new ArrayList<>();
        int next = 1;
        for (ClientRun run : runs) {
            String client = run.client().toLowerCase(Locale.ROOT);
            boolean levee = client.equals("levee") && looks.stream().noneMatch(look -> look.slot == 0);
            looks.add(new Look(levee ? 0 : next, nameOf(run.client())));
            if (!levee) {
                next = next % (SLOTS - 1) + 1;
            }
        }
        return List.copyOf(looks);
    }

    static String nameOf(String client) {
        return switch (client) {
            case "levee" -> "Levee";
            case "none" -> "no cache";
            default -> client;
        };
    }

    static String joinedNames(List<Look> looks) {
        return looks.isEmpty()
                ? "no client"
                : String.join(" and ", looks.stream().map(Look::name).toList());
    }

    String cssClass() {
        return "c" + slot;
    }

    /** The client's name after a sample of its line. */
    void tag(Markup page) {
        page.open("span", "class", "client " + cssClass());
        page.open("svg", "class", "swatch", "viewBox", "0 0 26 10", "aria-hidden", "true");
        page.empty("path", "class", "line " + cssClass(), "d", "M1 5H25");
        page.close();
        page.leaf("span", name, "class", "client-name").close();
    }
}
