package io.levee.cache.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;

/**
 * Zstandard frames (RFC 8878) with a checksum, by zstd-jni. The only class that names it: {@link ZstdLibrary} makes it.
 *
 * <p>Each call has a native context of its own and frees it, so that nothing native outlives a call, whichever thread made it.
 * Decompression is into an array of the length that is wanted: zstd then needs no window, whose size a frame could claim.
 */
final class Zstandard implements Compression {
    static final int LEAST_LEVEL = 1;
    /** Past it zstd takes windows of up to 128 MiB of native memory for each value that is written. */
    static final int MOST_LEVEL = 19;

    private final int level;

    /** @throws LinkageError if zstd-jni is not there, or has nothing for this platform */
    Zstandard(int level) {
        Native.load();
        this.level = level;
    }

    @Override
    public int flag() {
        return CodecFlags.ZSTD;
    }

    /** A block of at most 128 KiB in four bytes: its header, and the byte that it repeats. */
    @Override
    public int maxRatio() {
        return 128 * 1024 / 4;
    }

    @Override
    public int compress(byte[] plain, byte[] out, int offset) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(level).setChecksum(true);
            return context.compressByteArray(out, offset, out.length - offset, plain, 0, plain.length);
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return -1;
            }
            throw new CodecException("zstd cannot compress a value of " + plain.length + " bytes", e);
        }
    }

    @Override
    public boolean decompress(byte[] compressed, int offset, byte[] plain) {
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            int length =
                    context.decompressByteArray(plain, 0, plain.length, compressed, offset, compressed.length - offset);
            return length == plain.length;
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return false;
            }
            throw new CodecException("a compressed value is not a zstd frame, or is damaged", e);
        }
    }
}
