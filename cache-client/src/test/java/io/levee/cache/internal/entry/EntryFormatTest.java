package io.levee.cache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.levee.cache.codec.Encoded;
import io.levee.cache.internal.entry.EntryHeader.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryFormatTest {
    private static final int FLAGS = EntryFormat.CLIENT_FLAGS;
    private static final String VALUE_HEX = "4c56" + "02" + "01" + "8003" + "0000018bcfe568ff" + "00000000000927c0"
            + "000000fa" + "0000018bcfe56800" + "fffe" + "7b7d";
    private static final String ABSENT_HEX = "4c56" + "02" + "02" + "0000" + "0000018bcfe568ff" + "0000000000007530"
            + "00000000" + "0000000000000007" + "0009";

    @Test
    void encode_value_hasTheStableForm() {
        StoredEntry entry = StoredEntry.value(
                new Encoded(new byte[] {'{', '}'}, 0x8003),
                1_700_000_000_255L,
                600_000,
                250,
                1_700_000_000_000L,
                65_534);

        assertThat(HexFormat.of().formatHex(EntryFormat.encode(entry))).isEqualTo(VALUE_HEX);
    }

    @Test
    void encode_absence_hasTheStableForm() {
        StoredEntry entry = StoredEntry.absent(1_700_000_000_255L, 30_000, 0, 7, 9);

        assertThat(HexFormat.of().formatHex(EntryFormat.encode(entry))).isEqualTo(ABSENT_HEX);
    }

    @Test
    void clientFlags_areStable() {
        assertThat(FLAGS).isEqualTo(19_542);
    }

    @Test
    void decode_value_isWhatWasEncoded() throws NotAnEntryException {
        StoredEntry entry = EntryFormat.decode(HexFormat.of().parseHex(VALUE_HEX), FLAGS);

        assertThat(entry.kind()).isEqualTo(Kind.VALUE);
        assertThat(entry.codecFlags()).isEqualTo(0x8003);
        assertThat(entry.writtenAtMillis()).isEqualTo(1_700_000_000_255L);
        assertThat(entry.freshForMillis()).isEqualTo(600_000);
        assertThat(entry.loadMillis()).isEqualTo(250);
        assertThat(entry.header().generation()).isEqualTo(1_700_000_000_000L);
        assertThat(entry.header().schemaVersion()).isEqualTo(65_534);
        assertThat(entry.payload()).containsExactly('{', '}');
        assertThat(entry.encoded().flags()).isEqualTo(0x8003);
        assertThat(entry.header().freshUntilMillis()).isEqualTo(1_700_000_600_255L);
    }

    @Test
    void decode_absence_hasNoPayload() throws NotAnEntryException {
        StoredEntry entry = EntryFormat.decode(HexFormat.of().parseHex(ABSENT_HEX), FLAGS);

        assertThat(entry.kind()).isEqualTo(Kind.ABSENT);
        assertThat(entry.freshForMillis()).isEqualTo(30_000);
        assertThat(entry.payload()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_randomEntries_areWhatWasEncoded(long seed) throws NotAnEntryException {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] payload = new byte[random.nextInt(50)];
            random.nextBytes(payload);
            int codecFlags = random.nextInt(0x10000);
            long writtenAt = random.nextLong(EntryHeader.MAX_WRITTEN_AT_MILLIS + 1);
            long freshFor = random.nextLong(EntryHeader.MAX_FRESH_MILLIS + 1);
            int load = random.nextInt(Integer.MAX_VALUE);
            long generation = random.nextLong(EntryHeader.MAX_GENERATION + 1);
            int schema = random.nextInt(EntryHeader.MAX_SCHEMA_VERSION + 1);

            StoredEntry entry = EntryFormat.decode(
                    EntryFormat.encode(StoredEntry.value(
                            new Encoded(payload, codecFlags), writtenAt, freshFor, load, generation, schema)),
                    FLAGS);

            assertThat(entry.header())
                    .isEqualTo(new EntryHeader(Kind.VALUE, codecFlags, writtenAt, freshFor, load, generation, schema));
            assertThat(entry.payload()).isEqualTo(payload);
        }
    }

    @Test
    void header_ofAnEntry_isThatOfDecodeAndPayloadFollows() throws NotAnEntryException {
        byte[] data = HexFormat.of().parseHex(VALUE_HEX);

        EntryHeader header = EntryFormat.header(data, FLAGS);
        Encoded payload = EntryFormat.payload(data, header);

        assertThat(header).isEqualTo(EntryFormat.decode(data, FLAGS).header());
        assertThat(payload.bytes()).containsExactly('{', '}');
        assertThat(payload.flags()).isEqualTo(0x8003);
    }

    @Test
    void decode_everyPrefixShorterThanAHeader_isRefused() {
        byte[] data = HexFormat.of().parseHex(VALUE_HEX);

        for (int length = 0; length < EntryFormat.HEADER_BYTES; length++) {
            byte[] cut = Arrays.copyOf(data, length);
            assertThatExceptionOfType(NotAnEntryException.class)
                    .isThrownBy(() -> EntryFormat.decode(cut, FLAGS))
                    .withMessage("only " + length + " bytes, less than a header");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x4C55, -1, Integer.MAX_VALUE})
    void decode_otherClientFlags_isRefused(int clientFlags) {
        refused(VALUE_HEX, clientFlags, "client flags are " + clientFlags);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4d, does not begin",
        "1, 57, does not begin",
        "2, 00, entry format 0",
        "2, 01, entry format 1; this release reads 2",
        "2, ff, entry format 255",
        "3, 00, kind 0",
        "3, 03, kind 3",
        "3, 02, an absence with 2 bytes of value",
        "6, 80, written at -",
        "6, 01, written at 72",
        "14, 80, fresh for -",
        "18, 9b, fresh for 26",
        "22, 80, loaded in -",
        "26, 80, generation -",
        "26, 41, generation 4"
    })
    void decode_oneByteWrong_isRefusedSayingWhich(int at, String hexByte, String reason) {
        refused(VALUE_HEX.substring(0, at * 2) + hexByte + VALUE_HEX.substring(at * 2 + 2), FLAGS, reason);
    }

    @Test
    void decode_absenceWithCodecFlags_isRefused() {
        refused(ABSENT_HEX.substring(0, 8) + "0001" + ABSENT_HEX.substring(12), FLAGS, "codec flags");
    }

    @Test
    void decode_freshForThirtyDaysAndNoMore_isTheBound() throws NotAnEntryException {
        String before = VALUE_HEX.substring(0, 28);
        String after = VALUE_HEX.substring(44);

        StoredEntry thirtyDays =
                EntryFormat.decode(HexFormat.of().parseHex(before + "000000009a7ec800" + after), FLAGS);

        assertThat(thirtyDays.freshForMillis()).isEqualTo(2_592_000_000L);
        refused(before + "000000009a7ec801" + after, FLAGS, "fresh for 2592000001 ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void decode_randomBytes_isRefusedAndNothingElse(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 25_000; i++) {
            byte[] data = new byte[random.nextInt(100)];
            random.nextBytes(data);
            try {
                EntryFormat.decode(data, FLAGS);
            } catch (NotAnEntryException e) {
                assertThat(e.reason()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isEqualTo(25_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void decode_randomBytesBehindAnEntrysBeginning_isAnEntryOrRefused(long seed) {
        Random random = new Random(seed);
        byte[] good = HexFormat.of().parseHex(VALUE_HEX);
        int entries = 0;
        int refused = 0;
        for (int i = 0; i < 25_000; i++) {
            byte[] data = good.clone();
            for (int damage = 0; damage <= random.nextInt(3); damage++) {
                data[4 + random.nextInt(data.length - 4)] = (byte) random.nextInt(256);
            }
            try {
                EntryFormat.decode(data, FLAGS);
                entries++;
            } catch (NotAnEntryException e) {
                refused++;
            }
        }
        assertThat(entries).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void notAnEntry_isCheapToThrow() {
        assertThatExceptionOfType(NotAnEntryException.class)
                .isThrownBy(() -> EntryFormat.decode(new byte[0], FLAGS))
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void value_longerLoadThanFits_isClamped() {
        Encoded encoded = new Encoded(new byte[1], 0);

        assertThat(StoredEntry.value(encoded, 0, 0, Long.MAX_VALUE, 0, 0).loadMillis())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(StoredEntry.value(encoded, 0, 0, -5, 0, 0).loadMillis()).isZero();
    }

    @Test
    void storedEntry_headerAndValueThatDisagree_isRefused() {
        EntryHeader header = new EntryHeader(Kind.VALUE, 1, 0, 0, 0, 0, 0);
        EntryHeader absent = new EntryHeader(Kind.ABSENT, 0, 0, 0, 0, 0, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoredEntry(header, new Encoded(new byte[0], 2)))
                .withMessageContaining("codec flags 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoredEntry(absent, new Encoded(new byte[3], 0)))
                .withMessageContaining("3 bytes");
    }

    @Test
    void entryHeader_timesOutOfBounds_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EntryHeader(Kind.VALUE, 0, -1, 0, 0, 0, 0))
                .withMessage("written at -1 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EntryHeader(Kind.VALUE, 0, 0, EntryHeader.MAX_FRESH_MILLIS + 1, 0, 0, 0))
                .withMessage("fresh for 2592000001 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EntryHeader(Kind.VALUE, 0x10000, 0, 0, 0, 0, 0))
                .withMessageContaining("65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EntryHeader(Kind.VALUE, 0, 0, 0, 0, 0, -1))
                .withMessage("schema version -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EntryHeader(Kind.VALUE, 0, 0, 0, 0, 0, 65_536))
                .withMessage("schema version 65536");
    }

    private static void refused(String hex, int clientFlags, String reason) {
        assertThatExceptionOfType(NotAnEntryException.class)
                .isThrownBy(() -> EntryFormat.decode(HexFormat.of().parseHex(hex), clientFlags))
                .withMessageContaining(reason);
    }
}
