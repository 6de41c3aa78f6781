package io.levee.cache.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Keys that operators write. */
class KeyOfTextTest {
    enum Season {
        SUMMER,
        WINTER;

        @Override
        public String toString() {
            return "the " + name().toLowerCase(Locale.ROOT);
        }
    }

    @Test
    void keysThatHaveAText_areReadFromIt() {
        UUID id = UUID.randomUUID();
        for (Object key : List.of("seven", 7L, 7, (short) 7, (byte) 7, id)) {
            assertThat(KeyOfText.of(key.getClass(), key.toString())).isEqualTo(key);
        }
        assertThat(KeyOfText.of(Season.class, "WINTER")).isEqualTo(Season.WINTER);
    }

    @Test
    void textThatIsNoKey_isRefused() {
        for (Class<?> type : List.of(Long.class, Integer.class, Short.class, Byte.class, UUID.class)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyOfText.of(type, "seven"))
                    .withMessage("\"seven\" is no " + type.getSimpleName());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyOfText.of(Season.class, "the winter"))
                .withMessageContaining("is no Season");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyOfText.of(BigDecimal.class, "7"))
                .withMessageContaining("java.math.BigDecimal, which cannot be read from text");
    }
}
