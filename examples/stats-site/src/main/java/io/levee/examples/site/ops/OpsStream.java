package io.levee.examples.site.ops;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends a frame, and what is new in the journal, to every open page four times a second. A page that does not read is left out of
 * frames, and after a while closed: no other waits for it.
 */
@Component
class OpsStream {
    static final int MOST_PAGES = 20;
    private static final long PERIOD_MILLIS = 250;
    private static final int MOST_MISSED = 40;

    private final Frames frames;
    private final Journal journal;
    private final List<Page> pages = new CopyOnWriteArrayList<>();
    private final ExecutorService senders = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "ops-sender");
        thread.setDaemon(true);
        return thread;
    });

    OpsStream(Frames frames, Journal journal) {
        this.frames = frames;
        this.journal = journal;
    }

    /** What one message to a page says. */
    record Message(Frame frame, List<Journal.Entry> journal) {}

    /**
     * Opens a stream.
     *
     * @param after the last entry of the journal that the page has; 0 for none
     */
    SseEmitter open(long after) {
        if (pages.size() >= MOST_PAGES) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE, "At most " + MOST_PAGES + " pages can be open at once.");
        }
        Page page = new Page(after);
        page.emitter.onCompletion(() -> pages.remove(page));
        page.emitter.onError(error -> pages.remove(page));
        page.emitter.onTimeout(page.emitter::complete);
        pages.add(page);
        return page.emitter;
    }

    @Scheduled(fixedDelay = PERIOD_MILLIS)
    void tick() {
        Frame frame = frames.next();
        pages.forEach(page -> page.show(frame));
    }

    /** An open stream would hold up the web server, which waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void closePages() {
        pages.forEach(page -> page.emitter.complete());
    }

    @PreDestroy
    void close() {
        senders.shutdownNow();
    }

    private final class Page {
        private final SseEmitter emitter = new SseEmitter(0L);
        private final AtomicBoolean sending = new AtomicBoolean();

        /** Touched by the one who is sending. */
        private long lastEntry;

        /** Touched by the clock alone. */
        private int missed;

        Page(long lastEntry) {
            this.lastEntry = lastEntry;
        }

        void show(Frame frame) {
            if (sending.compareAndSet(false, true)) {
                missed = 0;
                senders.execute(() -> send(frame));
            } else if (++missed == MOST_MISSED) {
                emitter.complete();
            }
        }

        private void send(Frame frame) {
            try {
                List<Journal.Entry> entries = journal.after(lastEntry);
                long last = entries.isEmpty()
                        ? lastEntry
                        : entries.get(entries.size() - 1).number();
                emitter.send(SseEmitter.event()
                        .id(Long.toString(last))
                        .data(new Message(frame, entries), MediaType.APPLICATION_JSON));
                lastEntry = last;
            } catch (IOException | IllegalStateException e) {
                // The page has gone, or was closed.
                pages.remove(this);
            } finally {
                sending.set(false);
            }
        }
    }
}
