package io.levee.examples.site.load;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Counts and times what the site answers, to whomever; not what {@code /ops} and the actuator do, nor styles and pictures. */
@Component
public class Traffic extends OncePerRequestFilter {
    private static final long LONGEST_MILLIS = 60_000;

    private final Recorder millis = new Recorder(LONGEST_MILLIS, 2);
    private final LongAdder served = new LongAdder();
    private final LongAdder failed = new LongAdder();

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !path.equals("/") && !path.startsWith("/projects/") && !path.startsWith("/stats");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long begunNanos = System.nanoTime();
        boolean returned = false;
        try {
            chain.doFilter(request, response);
            returned = true;
        } finally {
            (returned && response.getStatus() < 500 ? served : failed).increment();
            millis.recordValue(Math.min(LONGEST_MILLIS, (System.nanoTime() - begunNanos) / 1_000_000));
        }
    }

    /** How many pages have been served. */
    public long served() {
        return served.sum();
    }

    /** How many have not: the database was too busy, or something broke. */
    public long failed() {
        return failed.sum();
    }

    /** How long they took since this was asked last, in milliseconds. For one asker. */
    public Histogram sinceLastAsked() {
        return millis.getIntervalHistogram();
    }
}
