package io.levee.examples.incident;

/** The machine a replay ran on, in a line. */
final class Machine {
    private Machine() {}

    static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors() + " processors, heap up to " + runtime.maxMemory() / (1024 * 1024)
                + " MiB, Java " + System.getProperty("java.version");
    }
}
