package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * {@code mg}. Asks for the key and an opaque to be sent back, and takes no value that does not carry both: a value of
 * another key must never be served.
 *
 * <p>How an empty value is understood: memcached marks an item that was made by {@code N} for good (until it is overwritten),
 * and says W to the one who got its lease and Z to every later reader, whether or not it asks for leases. So an empty value
 * with W or Z is a placeholder and a {@link Reply.Miss}; one with neither was stored empty by someone, and is a {@link
 * Reply.Hit}. An item that was stored empty and whose recache lease is out cannot be told from a placeholder and counts as
 * one; Levee's entries have a header and are never empty.
 */
final class MetaGet extends MetaOperation {
    /** Memcached's own default bound is 1 MiB, its highest 1 GiB; who stores more than this says so by the item limit. */
    private static final int MAX_VALUE_BYTES = 64 << 20;

    private static final int NO_VALUE_YET = -1;
    private static final int LINE_END_BYTES = 2;

    private final int opaque;

    private int flags;
    private long token;
    private Lease lease = Lease.NONE;
    private boolean stale;
    private boolean echoed;

    private int valueBytes = NO_VALUE_YET;
    private byte[] value;
    private int taken;

    MetaGet(SpyConnection connection, String key, int opaque, int leaseSeconds, int recacheSeconds) {
        super(connection, key, command(key, opaque, leaseSeconds, recacheSeconds));
        this.opaque = opaque;
    }

    private static ByteBuffer command(String key, int opaque, int leaseSeconds, int recacheSeconds) {
        CommandLine command = new CommandLine("mg", key, 0).word(" v f c k").flag('O', opaque);
        if (leaseSeconds != 0) {
            command.flag('N', Expiration.relative(leaseSeconds));
        }
        if (recacheSeconds != 0) {
            command.flag('R', Expiration.relative(recacheSeconds));
        }
        return command.end();
    }

    @Override
    Reply read(ByteBuffer data) throws OutOfStepException {
        if (valueBytes == NO_VALUE_YET) {
            Reply reply = readLine(data);
            if (reply != null || valueBytes == NO_VALUE_YET) {
                return reply;
            }
        }
        return readValue(data);
    }

    @Override
    Reply answer(ReplyLine line) throws OutOfStepException {
        if (line.is("EN")) {
            flags(line);
            return new Reply.Miss(Lease.NONE, 0);
        }
        if (!line.is("VA") || !line.next()) {
            throw unexpected(line);
        }
        long announced = line.number();
        int most = Math.max(MAX_VALUE_BYTES, connection().itemLimit());
        if (Long.compareUnsigned(announced, most) > 0) {
            throw new OutOfStepException("a value of more than " + most + " bytes: " + line.text());
        }
        flags(line);
        if (!echoed) {
            throw new OutOfStepException("a value that names neither its key nor its request: " + line.text());
        }
        valueBytes = (int) announced;
        // What is announced is claimed only as far as items usually go; past that the array grows with what really
        // comes.
        value = new byte[abandoned() ? 0 : Math.min(valueBytes, connection().itemLimit())];
        return null;
    }

    private void flags(ReplyLine line) throws OutOfStepException {
        boolean keyEchoed = false;
        boolean opaqueEchoed = false;
        while (line.next()) {
            switch (line.letter()) {
                case 'f' -> flags = (int) line.numberAfterLetter();
                case 'c' -> token = line.numberAfterLetter();
                case 'W' -> lease = Lease.WON;
                case 'Z' -> lease = lease == Lease.WON ? Lease.WON : Lease.LOST;
                case 'X' -> stale = true;
                case 'k' -> {
                    if (!line.isLetterAnd(key())) {
                        throw new OutOfStepException("another key's value");
                    }
                    keyEchoed = true;
                }
                case 'O' -> {
                    if (line.numberAfterLetter() != opaque) {
                        throw new OutOfStepException("another request's value");
                    }
                    opaqueEchoed = true;
                }
                default -> {
                    // A later memcached may say more.
                }
            }
        }
        echoed = keyEchoed && opaqueEchoed;
    }

    private Reply readValue(ByteBuffer data) throws OutOfStepException {
        int count = Math.max(0, Math.min(valueBytes - taken, data.remaining()));
        if (abandoned()) {
            value = null;
            data.position(data.position() + count);
        } else if (count > 0) {
            if (taken + count > value.length) {
                value = Arrays.copyOf(value, (int) Math.min(valueBytes, Math.max(taken + count, 2L * value.length)));
            }
            data.get(value, taken, count);
        }
        taken += count;
        while (taken >= valueBytes && taken < valueBytes + LINE_END_BYTES && data.hasRemaining()) {
            if (data.get() != (taken == valueBytes ? '\r' : '\n')) {
                throw new OutOfStepException("a value that does not end where it was said to");
            }
            taken++;
        }
        return taken == valueBytes + LINE_END_BYTES ? reply() : null;
    }

    private Reply reply() {
        if (valueBytes == 0 && lease != Lease.NONE) {
            return new Reply.Miss(lease, token);
        }
        return new Reply.Hit(value, flags, token, lease, stale);
    }
}
