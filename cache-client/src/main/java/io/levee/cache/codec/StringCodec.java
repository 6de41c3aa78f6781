package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Text as UTF-8. What cannot be kept exactly is refused: text with a surrogate that has no partner, and bytes that are not
 * UTF-8.
 */
public final class StringCodec implements Codec<String> {
    public static final StringCodec INSTANCE = new StringCodec();

    private static final char REPLACEMENT = '\uFFFD';

    private StringCodec() {}

    @Override
    public Encoded encode(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                int c = value.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(c)) {
                    throw new CodecException(
                            "text has half of a surrogate pair at index " + i + ", which UTF-8 cannot keep");
                }
                i++;
            }
        }
        return new Encoded(value.getBytes(UTF_8), CodecFlags.STRING);
    }

    @Override
    public String decode(Encoded encoded) {
        CodecFlags.require(CodecFlags.STRING, encoded, "StringCodec");
        String text = new String(encoded.bytes(), UTF_8);
        // The fast way puts a replacement where bytes are malformed; only where there is one is it worth asking
        // strictly.
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(encoded.bytes());
        }
        return text;
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new CodecException("these " + bytes.length + " bytes are not UTF-8", e);
        }
    }

    @Override
    public String toString() {
        return "StringCodec";
    }
}
