package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringCodecTest {
    private final StringCodec codec = StringCodec.INSTANCE;

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Grüße", "日本語", "😀 and \uFFFD", "\u0000\r\n", "\uFEFFbom"})
    void decode_encodedText_isTheText(String text) {
        assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_encodedRandomText_isTheText(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(20), 0, Character.MAX_CODE_POINT + 1)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .forEach(text::appendCodePoint);

            assertThat(codec.decode(codec.encode(text.toString()))).isEqualTo(text.toString());
        }
    }

    @Test
    void encode_text_hasTheStableForm() {
        Encoded encoded = codec.encode("é€😀\n");

        assertThat(HexFormat.of().formatHex(encoded.bytes())).isEqualTo("c3a9e282acf09f98800a");
        assertThat(encoded.flags()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\uDC00", "\uD83D\uD83D\uDE00", "\uDE00\uD83D"})
    void encode_halfASurrogatePair_isRefused(String text) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(text))
                .withMessageContaining("surrogate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"80", "c3", "c328", "e282", "edA080", "f0808080", "f4908080", "fe", "41ff", "c080", "efbfbd80"})
    void decode_notUtf8_isRefused(String hex) {
        Encoded encoded = new Encoded(HexFormat.of().parseHex(hex), CodecFlags.STRING);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(encoded))
                .withMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 0x8001, 0x4001, 0xFFFF})
    void decode_otherFlags_isRefused(int flags) {
        Encoded encoded = new Encoded("text".getBytes(UTF_8), flags);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(encoded))
                .withMessageContaining("StringCodec")
                .withMessageContaining(Integer.toString(flags));
    }
}
