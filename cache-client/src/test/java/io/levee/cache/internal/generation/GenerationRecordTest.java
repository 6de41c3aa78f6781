package io.levee.cache.internal.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.entry.EntryHeader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationRecordTest {
    private static final String HEX =
            "4c47" + "01" + "0000018bcfe56800" + "00000001" + "0005" + "7374617473" + "0000018bcfe568ff";
    private static final GenerationRecord RECORD =
            new GenerationRecord(1_700_000_000_000L, Map.of("stats", 1_700_000_000_255L));

    @Test
    void encode_record_hasTheStableForm() {
        assertThat(HexFormat.of().formatHex(RECORD.encode())).isEqualTo(HEX);
        assertThat(GenerationRecord.CLIENT_FLAGS).isEqualTo(19_527);
    }

    @Test
    void decode_record_isWhatWasEncoded() {
        assertThat(decode(HEX)).contains(RECORD);
        assertThat(decode(HexFormat.of().formatHex(GenerationRecord.NONE.encode())))
                .contains(GenerationRecord.NONE);
        assertThat(decode("4c4701000000000000000500000000")).contains(GenerationRecord.ofBase(5));
        assertThat(decode("4c47010000000000000005000000010001610000000000000006"))
                .contains(new GenerationRecord(5, Map.of("a", 6L)));
    }

    @Test
    void decode_strangeNames_areKeptApart() {
        GenerationRecord record = new GenerationRecord(
                1, Map.of("größe 😀", 2L, "\uD83D", 3L, "\uDE00", 4L, "?", 5L, "a\r\nb", 6L, "n".repeat(100), 7L));

        assertThat(GenerationRecord.decode(record.encode(), GenerationRecord.CLIENT_FLAGS))
                .contains(record);
    }

    @Test
    void decode_everyPrefix_isNone() {
        byte[] data = RECORD.encode();
        for (int length = 0; length < data.length; length++) {
            assertThat(GenerationRecord.decode(Arrays.copyOf(data, length), GenerationRecord.CLIENT_FLAGS))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "the magic, 4c5601000000000000000500000000",
        "another version, 4c4702000000000000000500000000",
        "a negative base, 4c4701ffffffffffffffff00000000",
        "a base past the bound, 4c4701400000000000000100000000",
        "a negative number of caches, 4c47010000000000000005ffffffff",
        "too many caches, 4c47010000000000000005000007d1",
        "more caches than follow, 4c4701000000000000000500000001",
        "bytes behind the end, 4c470100000000000000050000000000",
        "an empty name, 4c470100000000000000050000000100000000000000000006",
        "a name that ends too early, 4c47010000000000000005000000017fff61",
        "a name that is no text, 4c470100000000000000050000000100018000000000000000ff",
        "a negative generation, 4c4701000000000000000500000001000161ffffffffffffffff",
        "a name twice, 4c470100000000000000050000000200016100000000000000060001610000000000000007"
    })
    void decode_wrongBytes_isNone(String what, String hex) {
        assertThat(decode(hex)).as(what).isEmpty();
    }

    @Test
    void decode_nameOfMoreThanACacheMayHave_isNone() {
        assertThat(GenerationRecord.decode(
                        new GenerationRecord(1, Map.of("n".repeat(101), 7L)).encode(), GenerationRecord.CLIENT_FLAGS))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x4C56, -1})
    void decode_otherClientFlags_isNone(int flags) {
        assertThat(GenerationRecord.decode(RECORD.encode(), flags)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_damagedBytes_isARecordWithinItsBoundsOrNone(long seed) {
        Random random = new Random(seed);
        int none = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] data = Arrays.copyOf(RECORD.encode(), random.nextInt(20, 60));
            for (int damage = 0; damage < 3; damage++) {
                data[random.nextInt(data.length)] = (byte) random.nextInt(256);
            }
            Optional<GenerationRecord> record = GenerationRecord.decode(data, GenerationRecord.CLIENT_FLAGS);
            none += record.isEmpty() ? 1 : 0;
            record.ifPresent(read -> {
                assertThat(read.base()).isBetween(0L, EntryHeader.MAX_GENERATION);
                assertThat(read.raised().values())
                        .allMatch(generation -> generation > read.base() && generation <= EntryHeader.MAX_GENERATION);
            });
        }
        assertThat(none).isPositive();
    }

    @Test
    void of_cacheNotNamed_isTheBase() {
        assertThat(RECORD.of("stats")).isEqualTo(1_700_000_000_255L);
        assertThat(RECORD.of("other")).isEqualTo(1_700_000_000_000L);
        assertThat(GenerationRecord.NONE.of("other")).isZero();
    }

    @Test
    void record_generationsThatTheBaseHas_areNotNamed() {
        assertThat(new GenerationRecord(10, Map.of("a", 9L, "b", 10L, "c", 11L)))
                .isEqualTo(new GenerationRecord(10, Map.of("c", 11L)));
    }

    @Test
    void merge_takesTheHigherOfEach() {
        GenerationRecord one = new GenerationRecord(10, Map.of("a", 20L, "b", 30L, "low", 11L));
        GenerationRecord other = new GenerationRecord(15, Map.of("a", 25L, "c", 16L));

        assertThat(one.merge(other)).isEqualTo(new GenerationRecord(15, Map.of("a", 25L, "b", 30L, "c", 16L)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void merge_inAnyOrderAndGrouping_isTheSame(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            GenerationRecord a = random(random);
            GenerationRecord b = random(random);
            GenerationRecord c = random(random);

            assertThat(a.merge(b)).isEqualTo(b.merge(a));
            assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
            assertThat(a.merge(b).merge(b)).isEqualTo(a.merge(b));
        }
    }

    private static GenerationRecord random(Random random) {
        Map<String, Long> raised = new HashMap<>();
        for (int cache = 0; cache < random.nextInt(4); cache++) {
            raised.put("c" + random.nextInt(4), random.nextLong(20));
        }
        return new GenerationRecord(random.nextLong(10), raised);
    }

    @Test
    void record_moreCachesThanFit_raisesTheBaseOverTheLowestAndStillFits() {
        Map<String, Long> raised = new HashMap<>();
        for (int i = 1; i <= GenerationRecord.MAX_CACHES + 5; i++) {
            raised.put("€".repeat(90) + i, 100L + i);
        }

        GenerationRecord record = new GenerationRecord(50, raised);

        assertThat(record.raised()).hasSize(GenerationRecord.MAX_CACHES);
        assertThat(record.base()).isEqualTo(105);
        raised.forEach((cache, generation) -> assertThat(record.of(cache)).isGreaterThanOrEqualTo(generation));
        assertThat(record.encode()).hasSizeLessThan((1 << 20) - 1_000);
        assertThat(GenerationRecord.decode(record.encode(), GenerationRecord.CLIENT_FLAGS))
                .contains(record);
    }

    private static Optional<GenerationRecord> decode(String hex) {
        return GenerationRecord.decode(HexFormat.of().parseHex(hex), GenerationRecord.CLIENT_FLAGS);
    }
}
