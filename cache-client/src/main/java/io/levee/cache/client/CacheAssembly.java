package io.levee.cache.client;

import io.levee.cache.CacheSettings;
import io.levee.cache.internal.entry.KeyEncoder;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.LeaseWatch;
import io.levee.cache.internal.flight.RemoteLease;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.KeysRead;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.AnswerReader;
import io.levee.cache.internal.read.BoardingGate;
import io.levee.cache.internal.read.BulkFlight;
import io.levee.cache.internal.read.BulkPath;
import io.levee.cache.internal.read.CallingThread;
import io.levee.cache.internal.read.Calls;
import io.levee.cache.internal.read.Explanation;
import io.levee.cache.internal.read.Landing;
import io.levee.cache.internal.read.LoadPath;
import io.levee.cache.internal.read.NodeQuery;
import io.levee.cache.internal.read.ReadPath;
import io.levee.cache.internal.read.Renewal;
import io.levee.cache.internal.read.TieredCache;
import io.levee.cache.internal.read.WritePath;
import io.levee.cache.internal.refill.Stock;
import io.levee.cache.internal.schedule.PeriodicWriteThrough;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.write.WriteBack;
import io.levee.cache.internal.write.WriteThrough;

/**
 * Wires the rooms of one cache: what holds its values, what loads them, then the paths of reads and writes over these. Knows the
 * client's rooms and is known by {@link Assembly} only.
 */
final class CacheAssembly<K, V> {
    private final ClientRooms client;
    private final CacheSettings settings;
    private final CacheDefinition<K, V> definition;
    private final TimeSource time;
    private final ClientThreads threads;
    private final KeyEncoder<K> keys;
    private final CacheEvents events;
    private final Shelf<V> shelf;
    private final Envelope<V> envelope;
    private final Generation generation;
    private final WriteBack<V> writeBack;
    private final GuardedLoader<K, V> loader;
    private final SingleFlight<Landing<V>> flights = new SingleFlight<>();
    private final LeaseTerm term;
    private final LeaseWatch leaseWatch;
    private final AnswerReader<K, V> reader;
    private final LoadPath<K, V> loadPath;
    private final BoardingGate<K, V> gate;
    private final NodeQuery<K, V> query;
    private final Calls<K, V> calls;
    private final KeysRead<K> keysRead;
    private final PeriodicWriteThrough<K> schedule;
    private final TieredCache<K, V> cache;

    CacheAssembly(ClientRooms client, CacheSettings settings, CacheDefinition<K, V> definition) {
        this.client = client;
        this.settings = settings;
        this.definition = definition;
        time = client.time();
        threads = client.threads();
        keys = definition.keys();
        events = new CacheEvents(settings.name(), client.listener());
        shelf = client.localTier().shelf();
        envelope = new Envelope<>(definition.codec(), settings, time);
        generation = client.generations().of(settings.name());
        writeBack = writeBack();
        loader = new GuardedLoader<>(settings.name(), settings.maxConcurrentLoads(), threads.timer(), events, time);
        generation.whenRisen(() -> {
            shelf.clear(threads.callbacks());
            flights.leaveAllBehind();
        });
        term = new LeaseTerm(settings.lease());
        leaseWatch = new LeaseWatch(term, time);
        reader = new AnswerReader<>(shelf, envelope, generation, client.journal(), events);
        loadPath = loadPath();
        gate = new BoardingGate<>(settings, shelf, flights, loadPath, loader, events, threads, time);
        query = new NodeQuery<>(client.journal(), client.generations(), time);
        calls = calls();
        keysRead = settings.keysRead() == null ? null : new KeysRead<>(settings.keysRead(), time);
        schedule = settings.periodicWriteThrough().isZero() ? null : periodicWriteThrough();
        cache = tieredCache();
    }

    TieredCache<K, V> cache() {
        return cache;
    }

    /** What keeps the cache warm, not started yet; null if nothing does. */
    PeriodicWriteThrough<K> schedule() {
        return schedule;
    }

    /** What the cache gives back to a node that came back empty. */
    Stock<K, V> stock() {
        return new Stock<>(keys, shelf, envelope, generation, client.journal(), client.nodes()::nodeFor, time);
    }

    private WriteBack<V> writeBack() {
        return new WriteBack<>(
                envelope,
                shelf,
                events,
                client.journal(),
                client.recentWrites(),
                !settings.cacheAbsent().isZero(),
                client.settings().outage().gutterTtl(),
                threads.callbacks(),
                time);
    }

    private LoadPath<K, V> loadPath() {
        RemoteLease leases = new RemoteLease(threads.timer());
        return new LoadPath<>(flights, leases, leaseWatch, generation, reader, loader, writeBack, events, time, term);
    }

    private Calls<K, V> calls() {
        return new Calls<>(
                settings,
                client.settings().operationTimeout(),
                client.settings().outage(),
                keys,
                client.nodes(),
                generation,
                shelf,
                threads,
                time);
    }

    private PeriodicWriteThrough<K> periodicWriteThrough() {
        Renewal<K, V> renewal = new Renewal<>(
                settings, definition.loader(), calls, query, reader, gate, loader, shelf, term, leaseWatch, time);
        return new PeriodicWriteThrough<>(
                settings,
                keysRead == null ? definition.periodicKeys() : keysRead::keys,
                keys::encode,
                renewal,
                events,
                client.health(),
                threads,
                time);
    }

    private TieredCache<K, V> tieredCache() {
        ReadPath<K, V> readPath =
                new ReadPath<>(settings, shelf, term, leaseWatch, query, reader, gate, loadPath, loader, events, time);
        CallingThread callers = new CallingThread(settings.name(), threads);
        return new TieredCache<>(
                settings,
                definition.loader(),
                definition.bulkLoader(),
                keysRead,
                calls,
                readPath,
                bulkPath(readPath),
                writePath(callers),
                shelf,
                flights,
                client.generations(),
                loader,
                explanation(),
                events,
                callers);
    }

    private BulkPath<K, V> bulkPath(ReadPath<K, V> readPath) {
        BulkFlight<K, V> flight =
                new BulkFlight<>(settings, query, reader, loader, loadPath, term, threads.timer(), time);
        return new BulkPath<>(settings, calls, readPath, query, gate, flight, term);
    }

    private WritePath<K, V> writePath(CallingThread callers) {
        WriteThrough<V> writeThrough =
                new WriteThrough<>(writeBack, shelf, client.journal(), client.recentWrites(), events, time);
        return new WritePath<>(
                settings.name(), definition.writer(), calls, writeBack, writeThrough, flights, loader, callers);
    }

    private Explanation<K, V> explanation() {
        return new Explanation<>(
                settings.name(),
                shelf,
                envelope,
                generation,
                client.journal(),
                flights,
                loader,
                client.health()::report,
                key -> schedule == null ? null : schedule.describe(key),
                time);
    }
}
