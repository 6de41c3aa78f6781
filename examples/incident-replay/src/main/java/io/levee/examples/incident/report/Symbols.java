package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.NodeStatus;

/** The signs of the live screen, for consoles that can show them and for those that know ASCII only. */
enum Symbols {
    UNICODE("█", "░", "●", "✗", "▲", "◌", "…", "–"),
    ASCII("#", ".", "+", "x", "!", "~", "~", "-");

    private final String full;
    private final String empty;
    private final String up;
    private final String killed;
    private final String hung;
    private final String starting;
    final String cut;
    final String unknown;

    Symbols(
            String full,
            String empty,
            String up,
            String killed,
            String hung,
            String starting,
            String cut,
            String unknown) {
        this.full = full;
        this.empty = empty;
        this.up = up;
        this.killed = killed;
        this.hung = hung;
        this.starting = starting;
        this.cut = cut;
        this.unknown = unknown;
    }

    String of(NodeStatus status) {
        return switch (status) {
            case UP -> up;
            case KILLED -> killed;
            case HUNG -> hung;
            case STARTING -> starting;
        };
    }

    String bar(double share, int width) {
        int done = (int) Math.round(Math.min(1, Math.max(0, share)) * width);
        return full.repeat(done) + empty.repeat(width - done);
    }

    /** As many signs as there are things, up to a width. */
    String tally(int count, int width) {
        return count <= width ? full.repeat(Math.max(0, count)) : full.repeat(Math.max(0, width - 1)) + cut;
    }
}
