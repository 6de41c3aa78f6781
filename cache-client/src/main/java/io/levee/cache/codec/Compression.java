package io.levee.cache.codec;

/** A way to make bytes smaller and to get them back. Stateless but for its level; used by many threads at once. */
interface Compression {
    /** Of {@link CodecFlags#COMPRESSION}: which one it is. */
    int flag();

    /** The most that one byte of its stream can become, by the format. */
    int maxRatio();

    /**
     * Compresses into {@code out}, from {@code offset} to its end.
     *
     * @return how many bytes it took, or -1 if there is no room for them
     */
    int compress(byte[] plain, byte[] out, int offset);

    /**
     * The reverse, from {@code offset} to the end of {@code compressed}, into the whole of {@code plain}, and never more.
     *
     * @return false if that is not exactly what the stream becomes, or if bytes follow it
     * @throws CodecException if it is no such stream, or was damaged
     */
    boolean decompress(byte[] compressed, int offset, byte[] plain);
}
