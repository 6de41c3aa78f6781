package io.levee.examples.slowdisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk for H2 on which each read takes a while: {@code jdbc:h2:slowdisk:/path}.
 *
 * <p>The database of the incident had a machine to itself; here it shares a laptop's cores with the site and the cache nodes.
 * Eight queries that burn CPU would slow each other, the site and its stopwatch. Eight queries that wait for their disk hold
 * their eight slots for as long as they would over there, and leave the CPU to what is being measured. The disk serves any
 * number of reads at once: the slots are what runs out.
 */
public final class SlowDisk extends FilePathWrapper {
    private static final String SCHEME = "slowdisk";

    // H2 makes its own instances of this class, one for each path, so the speed is the scheme's.
    private static volatile long readNanos;

    /** Makes the scheme known to H2. The disk is fast until told otherwise, so that tables fill quickly. */
    public static void mount() {
        readNanos = 0;
        FilePath.register(new SlowDisk());
    }

    public static void readsTake(Duration time) {
        readNanos = time.toNanos();
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new SlowFile(super.open(mode));
    }

    private static final class SlowFile extends FileBase {
        private final FileChannel file;

        SlowFile(FileChannel file) {
            this.file = file;
        }

        // Not synchronized as in the base class: reads of several queries wait side by side.
        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public int read(ByteBuffer target, long position) throws IOException {
            LockSupport.parkNanos(readNanos);
            return file.read(target, position);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            LockSupport.parkNanos(readNanos);
            return file.read(target);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public int write(ByteBuffer source, long position) throws IOException {
            return file.write(source, position);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return file.write(source);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
