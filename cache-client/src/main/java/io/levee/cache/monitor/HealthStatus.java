package io.levee.cache.monitor;

/** The state of all nodes together. */
public enum HealthStatus {
    /** Every node is in use. */
    UP,
    /** Some node is not in use. Reads go on. */
    DEGRADED,
    /** No node is in use. Reads go on, from the local fallback and bounded loads. */
    DOWN
}
