package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class BytesCodecTest {
    private final BytesCodec codec = BytesCodec.INSTANCE;

    @Test
    void decode_encodedBytes_areTheBytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        assertThat(codec.decode(codec.encode(all))).isEqualTo(all);
        assertThat(codec.decode(codec.encode(new byte[0]))).isEmpty();
    }

    @Test
    void encode_bytes_haveTheStableForm() {
        Encoded encoded = codec.encode(new byte[] {1, -1});

        assertThat(encoded.bytes()).containsExactly(1, -1);
        assertThat(encoded.flags()).isEqualTo(2);
    }

    @Test
    void encode_arrayChangedLater_keepsWhatItWas() {
        byte[] value = {1, 2, 3};
        Encoded encoded = codec.encode(value);

        value[0] = 9;

        assertThat(encoded.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void decode_otherFlags_isRefused() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(new byte[3], 0)))
                .withMessageContaining("BytesCodec");
    }
}
