package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JacksonCodecTest {
    record Project(long id, String name, Instant since, List<BigDecimal> budgets) {}

    record Count(int count) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Round.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Shape {}

    record Round(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    private final Project project = new Project(
            7, "Lévee", Instant.parse("2015-02-03T04:05:06.789Z"), List.of(new BigDecimal("1.10"), BigDecimal.ONE));

    @Test
    void decode_encodedRecord_isEqual() {
        Codec<Project> codec = codec(Project.class);

        assertThat(codec.decode(codec.encode(project))).isEqualTo(project);
    }

    @Test
    void encode_record_hasTheStableForm() {
        Encoded encoded = JacksonCodecTest.<Project>codec(Project.class).encode(project);

        assertThat(new String(encoded.bytes(), UTF_8))
                .isEqualTo("{\"id\":7,\"name\":\"Lévee\",\"since\":\"2015-02-03T04:05:06.789Z\",\"budgets\":[1.10,1]}");
        assertThat(encoded.flags()).isEqualTo(3);
    }

    @Test
    void decode_encodedGenericValue_hasElementsOfTheDeclaredType() {
        Map<UUID, List<Project>> value = Map.of(new UUID(1, 2), List.of(project));
        Codec<Map<UUID, List<Project>>> codec = codec(new TypeReference<Map<UUID, List<Project>>>() {}.getType());

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void decode_encodedListOfSubtypesNamedByAnnotation_hasTheSubtypes() {
        List<Shape> shapes = List.of(new Round(1), new Square(2));
        Codec<List<Shape>> codec = codec(new TypeReference<List<Shape>>() {}.getType());

        assertThat(codec.decode(codec.encode(shapes))).isEqualTo(shapes);
    }

    @Test
    void decode_unbound_isJsonsOwnTypes() {
        JacksonCodec<Object> codec = JacksonCodec.json();

        assertThat(codec.decode(codec.encode(new Count(3)))).isEqualTo(Map.of("count", 3));
    }

    @Test
    void decode_unknownProperty_isIgnored() {
        Codec<Count> codec = codec(Count.class);

        assertThat(codec.decode(json("{\"count\":3,\"added\":{\"later\":[1]}}")))
                .isEqualTo(new Count(3));
    }

    @Test
    void decode_unknownPropertyWithAStrictMapper_isRefused() {
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        Codec<Count> codec = JacksonCodec.json(strict).forType(Count.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json("{\"count\":3,\"added\":1}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"count\":",
                "{\"count\":3",
                "{\"count\":3}}",
                "{\"count\":3} {}",
                "{\"count\":3} x",
                "{\"count\":3}\u0000",
                "{\"count\":\"three\"}",
                "{\"count\":99999999999}",
                "{\"count\":[3]}",
                "{count:3}",
                "[]",
                "3",
                "\"text\"",
                "true",
                "null",
                "NaN",
                "\u0000",
                "\uFEFF"
            })
    void decode_notJsonOfTheType_isRefused(String text) {
        Codec<Count> codec = codec(Count.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json(text)))
                .withMessageContaining("Count");
    }

    @Test
    void decode_trailingBytesWithALenientMapper_isRefused() {
        JsonMapper lenient = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        Codec<Count> codec = JacksonCodec.json(lenient).forType(Count.class);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(json("{\"count\":3}{}")));
    }

    @Test
    void decode_everyPrefixOfAValue_isRefused() {
        Codec<Project> codec = codec(Project.class);
        byte[] whole = codec.encode(project).bytes();

        for (int length = 0; length < whole.length; length++) {
            Encoded cut = new Encoded(Arrays.copyOf(whole, length), CodecFlags.JSON);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void decode_nestedTooDeep_isRefused() {
        Codec<Object> codec = codec(Object.class);
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(json(deep)));
    }

    @Test
    void decode_classNamedByTheBytes_isNotMade() {
        Codec<Object> codec = codec(Object.class);

        Object value = codec.decode(json("[\"java.util.concurrent.atomic.AtomicLong\",1]"));

        assertThat(value).isEqualTo(List.of("java.util.concurrent.atomic.AtomicLong", 1));
    }

    @Test
    void decode_refusedValue_isNotQuotedByTheException() {
        Codec<Count> codec = codec(Count.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json("{\"count\":\"secret\"}")))
                .withNoCause()
                .withMessageContaining("18 bytes")
                .withMessageContaining("line 1, column")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void decode_typeThatJacksonCannotMake_isRefusedWithJacksonsReason() {
        Codec<Runnable> codec = codec(Runnable.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json("{}")))
                .withMessageContaining("Runnable")
                .withStackTraceContaining("abstract types");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 0x8003, 0xFFFF})
    void decode_otherFlags_isRefused(int flags) {
        Codec<Count> codec = codec(Count.class);
        Encoded encoded = new Encoded("{\"count\":3}".getBytes(UTF_8), flags);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(encoded))
                .withMessageContaining("JacksonCodec");
    }

    @Test
    void encode_valueWrittenAsNull_isRefused() {
        Codec<Optional<String>> codec = codec(new TypeReference<Optional<String>>() {}.getType());

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(Optional.empty()))
                .withMessageContaining("JSON null");
    }

    @Test
    void encode_classWithoutProperties_isRefused() {
        Codec<Object> codec = codec(Object.class);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(new Object()));
    }

    @Test
    void encode_valueThatHoldsItself_isRefused() {
        Codec<List<Object>> codec = codec(List.class);
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(circle));
    }

    private static <V> Codec<V> codec(Type type) {
        return JacksonCodec.json().forType(type);
    }

    private static Encoded json(String text) {
        return new Encoded(text.getBytes(UTF_8), CodecFlags.JSON);
    }
}
