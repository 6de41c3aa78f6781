package io.levee.cache.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {
    @ParameterizedTest
    @CsvSource({
        "cache, cache, 11211, 1",
        "cache:11311, cache, 11311, 1",
        "cache:11311*2, cache, 11311, 2",
        "cache*1000, cache, 11211, 1000",
        "10.0.0.1:1, 10.0.0.1, 1, 1",
        "10.0.0.1:65535*1, 10.0.0.1, 65535, 1",
        "[::1], ::1, 11211, 1",
        "[::1]:11311, ::1, 11311, 1",
        "[2001:db8::a:1]:11311*3, 2001:db8::a:1, 11311, 3",
        "[fe80::1%eth0]*3, fe80::1%eth0, 11211, 3",
        "[::ffff:10.0.0.1]:011211, ::ffff:10.0.0.1, 11211, 1",
        "my_cache-1.example.com, my_cache-1.example.com, 11211, 1",
    })
    void parse_address_hasItsParts(String text, String host, int port, int weight) {
        assertThat(NodeAddress.parse(text)).isEqualTo(new NodeAddress(host, port, weight));
    }

    @Test
    void parse_blanksAround_areLeftOut() {
        assertThat(NodeAddress.parse(" \tcache:1 \n")).isEqualTo(new NodeAddress("cache", 1, 1));
    }

    @Test
    void parse_upperCase_isKept() {
        assertThat(NodeAddress.parse("Cache-1:1").host()).isEqualTo("Cache-1");
    }

    @ParameterizedTest
    @CsvSource({
        "cache:0, port, 1 to 65535, 0",
        "cache:65536, port, 1 to 65535, 65536",
        "cache:99999999999999999999, port, 1 to 65535, 99999999999999999999",
        "[::1]:70000, port, 1 to 65535, 70000",
        "cache*0, weight, 1 to 1000, 0",
        "cache:1*1001, weight, 1 to 1000, 1001",
    })
    void parse_numberOutOfBounds_isRefusedNamingTextValueAndBound(
            String text, String what, String bound, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessage("node \"" + text + "\": the " + what + " must be " + bound + ", but is " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "cache:, port, ''",
        "cache:http, port, http",
        "cache:-1, port, -1",
        "cache:+1, port, +1",
        "cache:1 1, port, 1 1",
        "cache:١٢, port, ١٢",
        "[::1]:, port, ''",
        "cache:1*, weight, ''",
        "cache:1*2.5, weight, 2.5",
        "cache*2:1, weight, 2:1",
        "cache:1*2*3, port, 1*2",
    })
    void parse_notANumber_isRefusedNamingTextAndValue(String text, String what, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessage("node \"" + text + "\": the " + what + " must be a number, but is \"" + value + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":11211", "*2", ":1*2", "[]", "[]:1"})
    void parse_noHost_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessage("node \"" + text + "\" names no host; write host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "2001:db8::1:11211", "a:1,b:2", "memcached://cache:1"})
    void parse_moreThanOneColon_isRefusedSayingHowToWriteIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("[ipv6]:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "[::1:11211", "[::1]11211", "[::1]x:1"})
    void parse_bracketsAstray_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("must be written [ipv6]:port");
    }

    @Test
    void parse_bracketsAroundAName_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeAddress.parse("[cache]:1"))
                .withMessageContaining("\"[cache]:1\"")
                .withMessageContaining("not an IPv6 address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a b", "a/b", "user@cache", "cache]", "größe", "a\u0000", "a\u00a0", "a\u007f", "*"})
    void construct_hostThatIsNone_isRefusedNamingIt(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeAddress(host, 1, 1))
                .withMessage("node host must be a name or an address, but is \"" + host + "\"");
    }

    @Test
    void construct_hostWithAPort_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeAddress("cache:11211", 11211, 1))
                .withMessageContaining("cache:11211")
                .withMessageContaining("port");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void construct_portOutOfBounds_isRefused(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeAddress("cache", port, 1))
                .withMessage("port of node cache must be 1 to 65535, but is " + port);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_001})
    void construct_weightOutOfBounds_isRefused(int weight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeAddress("cache", 1, weight))
                .withMessage("weight of node cache must be 1 to 1000, but is " + weight);
    }

    @ParameterizedTest
    @CsvSource({"cache*3, cache:11211", "[::1]:1, [::1]:1", "10.0.0.1:11311, 10.0.0.1:11311"})
    void toString_ofAnAddress_canBeReadBack(String text, String printed) {
        NodeAddress address = NodeAddress.parse(text);

        assertThat(address).hasToString(printed);
        assertThat(NodeAddress.parse(printed)).isEqualTo(new NodeAddress(address.host(), address.port(), 1));
    }
}
