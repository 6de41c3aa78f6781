package io.levee.examples.consistency.run;

/** What the nemesis can do. */
enum Mischief {
    NODE_KILLED,
    NODE_HUNG,
    /** One node, for all workers: what they send is held, and delivered late. */
    PARTITION,
    /** The same, for some workers. */
    PARTITION_OF_SOME,
    /** One node, for some workers: what they send is lost. */
    LOSSY_PARTITION_OF_SOME,
    /** One node, for some workers: connections end, new ones are refused. */
    CUT_OF_SOME,
    WORKER_KILLED,
    WORKER_HUNG
}
