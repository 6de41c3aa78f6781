package io.levee.cache.internal.transport;

import net.spy.memcached.compat.log.AbstractLogger;
import net.spy.memcached.compat.log.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What spymemcached says while it carries a connection. It tells why it gives a connection up only to its log, so the log
 * keeps the last exception; and it says it with a stack trace a time, while Levee reports each loss once and in one line,
 * so the log is at debug level here.
 */
final class SpyLog extends AbstractLogger {
    static final SpyLog QUIET = new SpyLog();

    private static final Logger LOG = LoggerFactory.getLogger(SpyLog.class);

    private Throwable cause;

    SpyLog() {
        super(SpyLog.class.getName());
    }

    /** The last exception that was logged, or null. */
    Throwable cause() {
        return cause;
    }

    /** Never: spymemcached says several things an operation at this level. */
    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return this != QUIET;
    }

    @Override
    public void log(Level level, Object message, Throwable e) {
        if (e != null && this != QUIET) {
            cause = e;
        }
        if (level != Level.DEBUG && level != Level.TRACE) {
            LOG.debug("{}", message, e);
        }
    }
}
