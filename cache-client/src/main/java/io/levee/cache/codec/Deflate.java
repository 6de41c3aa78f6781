package io.levee.cache.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A zlib stream (RFC 1950), which carries a checksum: the JDK's, at its fastest level. */
final class Deflate implements Compression {
    static final Deflate INSTANCE = new Deflate();

    private Deflate() {}

    @Override
    public int flag() {
        return CodecFlags.DEFLATED;
    }

    /** 258 bytes for two bits, and a little header. */
    @Override
    public int maxRatio() {
        return 1032;
    }

    @Override
    public int compress(byte[] plain, byte[] out, int offset) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            int length = deflater.deflate(out, offset, out.length - offset);
            return deflater.finished() ? length : -1;
        } finally {
            deflater.end();
        }
    }

    @Override
    public boolean decompress(byte[] compressed, int offset, byte[] plain) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed, offset, compressed.length - offset);
            int inflated = inflater.inflate(plain);
            // The stream's end and checksum are only read when more is asked for than there is.
            if (inflated == plain.length && !inflater.finished()) {
                inflated += inflater.inflate(new byte[1]);
            }
            return inflated == plain.length && inflater.finished() && inflater.getRemaining() == 0;
        } catch (DataFormatException e) {
            throw new CodecException("a compressed value is not a zlib stream", e);
        } finally {
            inflater.end();
        }
    }
}
