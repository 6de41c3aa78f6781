package io.levee.cache.monitor;

/** The state of one node, as this process sees it. */
public enum NodeState {
    /** Connected, answered its probe, in use. */
    UP,
    /** Not in use: its keys are served by the local fallback and by bounded loads. */
    DOWN,
    /** Being connected to and probed; not in use yet. */
    PROBING
}
