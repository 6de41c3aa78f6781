package io.levee.examples.incident.timeline;

/** What the script last did to a memcached node. */
public enum NodeStatus {
    UP,
    KILLED,
    HUNG,
    STARTING
}
