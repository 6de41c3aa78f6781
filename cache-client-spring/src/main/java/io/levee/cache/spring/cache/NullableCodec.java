package io.levee.cache.spring.cache;

import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import java.nio.ByteBuffer;
import org.springframework.cache.support.NullValue;

/** Values of several declared types, and Spring's null: the type's tag in four bytes, then what the type's codec makes. */
final class NullableCodec implements Codec<Object> {
    static final int NULL_TAG = 0;

    private final ValueTypes types;

    NullableCodec(ValueTypes types) {
        this.types = types;
    }

    @Override
    public Encoded encode(Object value) {
        if (value == NullValue.INSTANCE) {
            return tagged(NULL_TAG, new Encoded(new byte[0], 0));
        }
        ValueTypes.Declared declared = types.of(value);
        return tagged(declared.tag(), declared.codec().encode(value));
    }

    @Override
    public Object decode(Encoded encoded) {
        byte[] bytes = encoded.bytes();
        if (bytes.length < Integer.BYTES) {
            throw new CodecException("a value of " + bytes.length + " bytes has no type");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int tag = buffer.getInt();
        if (tag == NULL_TAG) {
            return NullValue.INSTANCE;
        }
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return types.tagged(tag).codec().decode(new Encoded(value, encoded.flags()));
    }

    private static Encoded tagged(int tag, Encoded encoded) {
        byte[] value = encoded.bytes();
        return new Encoded(
                ByteBuffer.allocate(Integer.BYTES + value.length)
                        .putInt(tag)
                        .put(value)
                        .array(),
                encoded.flags());
    }

    @Override
    public String toString() {
        return "NullableCodec";
    }
}
