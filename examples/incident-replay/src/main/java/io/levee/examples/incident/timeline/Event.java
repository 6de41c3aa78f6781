package io.levee.examples.incident.timeline;

/**
 * A thing that happened, for marking on the plots: node killed, restarted, Levee's own event.
 *
 * @param node null for none
 */
public record Event(double atSeconds, String node, String text, Kind kind) {
    /** Who made it happen: the script broke something, the script mended something, or a client noticed. */
    public enum Kind {
        FAULT,
        RECOVERY,
        OBSERVED
    }
}
