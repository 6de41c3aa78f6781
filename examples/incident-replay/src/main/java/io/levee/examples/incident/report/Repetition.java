package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Replay;
import java.util.Map;

/** The command that does the same replay again. */
final class Repetition {
    private Repetition() {}

    /** Settings that are named as options are repeated; the others are told by the report alone. */
    static String command(Replay replay) {
        StringBuilder command = new StringBuilder("./incident-replay");
        if (!replay.settings().containsKey("--scenario")) {
            command.append(" --scenario ").append(quoted(replay.scenario()));
        }
        for (Map.Entry<String, String> setting : replay.settings().entrySet()) {
            if (setting.getKey().startsWith("--")) {
                command.append(' ').append(setting.getKey());
                if (setting.getValue() != null && !setting.getValue().isEmpty()) {
                    command.append(' ').append(quoted(setting.getValue()));
                }
            }
        }
        return command.toString();
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:,=@%+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
