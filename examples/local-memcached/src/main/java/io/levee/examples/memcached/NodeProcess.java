package io.levee.examples.memcached;

/** One run of memcached, from its start to its end. */
interface NodeProcess {
    boolean isAlive();

    /** The process id on this machine. */
    long pid();

    /** Whether memcached itself reports {@link #pid}; in a container it sees another one. */
    boolean reportsItsPid();

    /** Ends it without warning, hung or not, and returns when it is gone. */
    void kill();

    /** Stops it from running, its sockets left open, and returns when it stands. */
    void hang();

    void resume();

    /** The last lines that it printed. */
    String output();
}
