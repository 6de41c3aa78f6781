package io.levee.cache.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Meters that are registered together, with common tags, and removed together. After {@link #close} it registers nothing. */
final class MeterSet implements AutoCloseable {
    private final MeterRegistry registry;
    private final Tags tags;

    /** Guarded by this, as the others are. */
    private final List<Meter> meters = new ArrayList<>();

    /** A registry holds what a counter asks weakly only. */
    private final List<DoubleSupplier> held = new ArrayList<>();

    private boolean closed;

    MeterSet(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    synchronized void gauge(String name, String unit, String description, Tags own, DoubleSupplier value) {
        if (!closed) {
            meters.add(Gauge.builder(name, value::getAsDouble)
                    .baseUnit(unit)
                    .description(description)
                    .tags(tags.and(own))
                    .register(registry));
        }
    }

    synchronized void count(String name, String unit, String description, Tags own, DoubleSupplier value) {
        if (!closed) {
            meters.add(FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                    .baseUnit(unit)
                    .description(description)
                    .tags(tags.and(own))
                    .register(registry));
            held.add(value);
        }
    }

    synchronized Counter counter(String name, String unit, String description, Tags own) {
        Counter counter = Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(tags.and(own))
                .register(registry);
        keep(counter);
        return counter;
    }

    synchronized Timer timer(String name, String description, Tags own) {
        Timer timer =
                Timer.builder(name).description(description).tags(tags.and(own)).register(registry);
        keep(timer);
        return timer;
    }

    private void keep(Meter meter) {
        if (closed) {
            registry.remove(meter);
        } else {
            meters.add(meter);
        }
    }

    /** Removes the meters. */
    @Override
    public synchronized void close() {
        closed = true;
        meters.forEach(registry::remove);
        meters.clear();
        held.clear();
    }
}
