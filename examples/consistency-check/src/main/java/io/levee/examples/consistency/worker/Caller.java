package io.levee.examples.consistency.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One thread of a worker: calls the caches at random until it is told to stop. */
final class Caller implements Runnable {
    private static final int MOST_PAUSE_MILLIS = 20;
    /** How often, in percent, a write of a key is followed by another soon: then loads of the first are under way. */
    private static final int TWINS_PERCENT = 40;

    private static final int TWIN_MILLIS = 60;
    private static final int MANY = 4;

    private final List<Journaled> caches;
    private final List<String> keys;
    private final Set<Operation> operations;
    private final Random random;
    private final BooleanSupplier stopped;

    Caller(
            List<Journaled> caches,
            List<String> keys,
            Set<Operation> operations,
            Random random,
            BooleanSupplier stopped) {
        this.caches = caches;
        this.keys = keys;
        this.operations = operations;
        this.random = random;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        try {
            while (!stopped.getAsBoolean()) {
                call(caches.get(random.nextInt(caches.size())), Operation.oneOf(operations, random));
                Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
            }
        } catch (IOException e) {
            // The database has gone, and with it the run.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(Journaled cache, Operation operation) throws IOException, InterruptedException {
        switch (operation) {
            case GET -> cache.get(anyKey());
            case LOOKUP -> cache.lookup(anyKey());
            case GET_ASYNC -> cache.getAsync(anyKey());
            case PEEK -> cache.peek(anyKey());
            case GET_ALL -> cache.getAll(someKeys());
            case REFRESH -> cache.refresh(anyKey());
            case CLEAR ->
                cache.clear(keys.stream().filter(key -> key.startsWith("c")).toList());
            case PUT -> {
                String key = key("p");
                cache.put(key);
                if (isTwin()) {
                    cache.put(key);
                }
            }
            case INVALIDATE -> {
                String key = key("i");
                cache.invalidate(key);
                if (isTwin()) {
                    cache.invalidate(key);
                }
            }
        }
    }

    private boolean isTwin() throws InterruptedException {
        if (random.nextInt(100) >= TWINS_PERCENT) {
            return false;
        }
        Thread.sleep(random.nextInt(TWIN_MILLIS));
        return true;
    }

    /** The first keys more often than the last. */
    private String anyKey() {
        double draw = random.nextDouble();
        return keys.get((int) (draw * draw * keys.size()));
    }

    private String key(String kind) {
        while (true) {
            String key = anyKey();
            if (key.startsWith(kind)) {
                return key;
            }
        }
    }

    private List<String> someKeys() {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            String key = anyKey();
            if (!some.contains(key)) {
                some.add(key);
            }
        }
        return some;
    }
}
