package io.levee.cache.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
    @ParameterizedTest
    @CsvSource({
        "1.6.18, 1.6.18",
        "1.6, 1.6.0",
        "v1.6.9, 1.6.9",
        "1.4.15_2_gabc123, 1.4.15",
        "1.6.0-rc1, 1.6.0",
        "' 1.6.21 ', 1.6.21"
    })
    void versionText_isRead(String text, String version) {
        assertThat(ServerVersion.parse(text)).hasToString("Optional[" + version + "]");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"mcrouter 37.0", "unknown", "1", "1.6.18.4", "99999999999.1.1"})
    void otherText_isNotJudged(String text) {
        assertThat(ServerVersion.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1.4.5, connection limit, ReleaseNotes146",
        "1.4.18, spin, ReleaseNotes1420",
        "1.4.19, spin, ReleaseNotes1420",
        "1.4.23, off-by-one, ReleaseNotes1424",
        "1.5.15, corrupts memory, ReleaseNotes1516",
        "1.6.0, binary protocol, ReleaseNotes162",
        "1.6.1, binary protocol, ReleaseNotes162",
        "1.6.2, meta get, ReleaseNotes163"
    })
    void knownBadVersion_hasItsFaultWithItsSource(String text, String words, String source) {
        assertThat(ServerVersion.parse(text).orElseThrow().knownFault())
                .get()
                .asString()
                .startsWith("memcached " + text + " ")
                .contains(words)
                .endsWith("(github.com/memcached/memcached/wiki/" + source + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.4.6", "1.4.17", "1.4.20", "1.4.24", "1.5.14", "1.5.16", "1.6.3", "1.6.12", "1.6.13", "1.6.18"
            })
    void versionBesideAKnownBadOne_hasNone(String text) {
        assertThat(ServerVersion.parse(text).orElseThrow().knownFault()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.2.8, false", "1.3.3, false", "1.4.0, true", "1.6.9, true", "2.0.0, true"})
    void supported_from140(String text, boolean supported) {
        assertThat(ServerVersion.parse(text).orElseThrow().isSupported()).isEqualTo(supported);
    }

    @ParameterizedTest
    @CsvSource({"1.4.39, false", "1.5.22, false", "1.6.9, false", "1.6.12, false", "1.6.13, true", "2.0.0, true"})
    void metaCommands_fromTheFirstThatHeedsTheirTokens(String text, boolean meta) {
        assertThat(ServerVersion.parse(text).orElseThrow().hasMetaCommands()).isEqualTo(meta);
    }
}
