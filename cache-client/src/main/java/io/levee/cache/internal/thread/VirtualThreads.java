package io.levee.cache.internal.thread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, which Levee's own JDK does not know of: they are reached by name. */
public final class VirtualThreads {
    /** Before it they are a preview, or not there. */
    public static final int FIRST_JDK = 21;

    private VirtualThreads() {}

    public static boolean areThere() {
        return Runtime.version().feature() >= FIRST_JDK;
    }

    /** Makes threads named with the prefix and a number, which inherit nothing from who starts them. */
    static ThreadFactory named(String prefix) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle name =
                    lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class));
            MethodHandle inherit = lookup.findVirtual(
                    builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            Object named = name.invoke(ofVirtual.invoke(), prefix, 1L);
            return (ThreadFactory) factory.invoke(inherit.invoke(named, false));
        } catch (Throwable e) {
            throw new LinkageError("JDK " + Runtime.version() + " has no virtual threads as JDK 21 has them", e);
        }
    }
}
