package io.levee.cache.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.levee.cache.discovery.NodeAddress;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int KEYS = 10_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three-on-the-usual-port",
                "three-on-other-ports",
                "five-weighted",
                "single",
                "seventeen-with-odd-weights",
                "five-that-round-down",
                "twenty-five-that-round-down",
                "one-without-points",
                "ipv6",
                "upper-case"
            })
    void indexOf_tenThousandKeys_isWhereLibmemcachedPlacesThem(String name) throws IOException {
        Vectors vectors = Vectors.read(name);
        Ring ring = Ring.of(vectors.nodes());

        StringBuilder placed = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            placed.append(Character.forDigit(ring.indexOf(key(i)), Character.MAX_RADIX));
        }

        assertThat(placed).hasSize(KEYS).hasToString(vectors.placement());
    }

    @Test
    void indexOf_keyExactlyOnAPoint_isThatPointsNode() {
        Ring ring = Ring.of(nodes("10.0.0.1", "10.0.0.2:11311", "10.0.0.3"));

        // A ring key, taken for a key, has the hash of its own first point.
        for (int i = 0; i < 40; i++) {
            assertThat(ring.indexOf("10.0.0.1-" + i)).isEqualTo(0);
            assertThat(ring.indexOf("10.0.0.2:11311-" + i)).isEqualTo(1);
            assertThat(ring.indexOf("10.0.0.3-" + i)).isEqualTo(2);
        }
    }

    @Test
    void indexOf_oneNodeLess_movesOnlyThatNodesKeys() {
        List<NodeAddress> three = nodes("a:1", "b:1", "c:1");
        Ring before = Ring.of(three);
        Ring after = Ring.of(three.subList(0, 2));

        for (int i = 0; i < KEYS; i++) {
            int node = before.indexOf(key(i));
            if (node != 2) {
                assertThat(after.indexOf(key(i))).as(key(i)).isEqualTo(node);
            }
        }
    }

    @Test
    void indexOf_sameNodesInAnotherOrder_namesTheSameNode() {
        List<NodeAddress> nodes = nodes("a:1", "b:1*3", "c:1");
        List<NodeAddress> turned = nodes("c:1", "a:1", "b:1*3");
        Ring ring = Ring.of(nodes);
        Ring turnedRing = Ring.of(turned);

        for (int i = 0; i < KEYS; i++) {
            assertThat(turned.get(turnedRing.indexOf(key(i)))).isEqualTo(nodes.get(ring.indexOf(key(i))));
        }
    }

    @Test
    void indexOf_fromManyThreads_answersAsFromOne() {
        Ring ring = Ring.of(nodes("a:1", "b:1", "c:1"));
        int[] alone = IntStream.range(0, KEYS).map(i -> ring.indexOf(key(i))).toArray();

        int[] together = IntStream.range(0, KEYS)
                .parallel()
                .map(i -> ring.indexOf(key(i)))
                .toArray();

        assertThat(together).isEqualTo(alone);
    }

    @Test
    void indexOf_keyOf250Bytes_isPlaced() {
        assertThat(Ring.of(nodes("a:1", "b:1")).indexOf("k".repeat(250))).isBetween(0, 1);
    }

    @Test
    void indexOf_keyOf251Bytes_isRefused() {
        Ring ring = Ring.of(nodes("a:1", "b:1"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.indexOf("k".repeat(251)))
                .withMessageContaining("250")
                .withMessageContaining("251");
    }

    @Test
    void indexOfUsable_ownNodeUsable_isOwnNode() {
        Ring ring = Ring.of(nodes("a:1", "b:1", "c:1"));

        for (int i = 0; i < KEYS; i++) {
            assertThat(ring.indexOf(key(i), node -> true)).isEqualTo(ring.indexOf(key(i)));
        }
    }

    @Test
    void indexOfUsable_nodeLeftOut_isWhereARingWithoutItPlacesTheKey() {
        // Equal weights, so that a node less does not change the others' numbers of points.
        List<NodeAddress> four = nodes("a:1", "b:1", "c:1", "d:1");
        Ring ring = Ring.of(four);
        Ring without = Ring.of(four.subList(0, 3));

        for (int i = 0; i < KEYS; i++) {
            assertThat(ring.indexOf(key(i), node -> node != 3)).isEqualTo(without.indexOf(key(i)));
        }
    }

    @Test
    void indexOfUsable_noneUsable_asksAllAndIsMinusOne() {
        Ring ring = Ring.of(nodes("a:1", "b:1"));
        Set<Integer> asked = new TreeSet<>();

        int index = ring.indexOf("key", node -> {
            asked.add(node);
            return false;
        });

        assertThat(index).isEqualTo(-1);
        assertThat(asked).containsExactly(0, 1);
    }

    @Test
    void share_ofAllNodes_isOneInAll() {
        Ring ring = Ring.of(nodes("a:1*1", "b:1*2", "c:1*3", "d:1*5"));

        double sum = IntStream.range(0, 4).mapToDouble(ring::share).sum();

        assertThat(sum).isEqualTo(1, within(1e-9));
    }

    @Test
    void share_ofANode_isTheShareOfTheKeysPlacedThere() {
        Ring ring = Ring.of(nodes("a:1*1", "b:1*2", "c:1*3", "d:1*5"));
        int[] placed = new int[4];
        for (int i = 0; i < 100_000; i++) {
            placed[ring.indexOf(key(i))]++;
        }

        for (int node = 0; node < 4; node++) {
            assertThat(placed[node] / 100_000.0).as("node " + node).isEqualTo(ring.share(node), within(0.01));
        }
    }

    @Test
    void share_weightTinyBesideTheOthers_isZero() {
        Ring ring = Ring.of(nodes("a:1*1", "b:1*1000", "c:1*1000"));

        assertThat(ring.share(0)).isZero();
    }

    @Test
    void of_noNode_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of()))
                .withMessageContaining("at least one node");
    }

    @Test
    void of_sameNodeTwice_isRefusedAndNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(nodes("a:1", "b:1", "a:1*2")))
                .withMessageContaining("a:1")
                .withMessageContaining("twice");
    }

    @Test
    void of_sameNodeTwiceInAnotherCase_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ring.of(List.of(new NodeAddress("a", 1, 1), new NodeAddress("A", 1, 1))))
                .withMessageContaining("twice");
    }

    @Test
    void of_sameHostOnTwoPorts_isARingOfTwo() {
        Ring ring = Ring.of(nodes("a:1", "a:2"));

        assertThat(ring.share(0)).isBetween(0.3, 0.7);
        assertThat(ring.share(1)).isBetween(0.3, 0.7);
    }

    private static List<NodeAddress> nodes(String... texts) {
        return List.of(texts).stream().map(NodeAddress::parse).toList();
    }

    /** The keys of src/test/resources/ketama/README.md. */
    private static String key(int i) {
        return "key:" + i + ":" + Integer.toHexString(i * (int) 2654435761L);
    }

    private record Vectors(List<NodeAddress> nodes, String placement) {
        static Vectors read(String name) throws IOException {
            try (InputStream in = RingTest.class.getResourceAsStream("/ketama/" + name + ".txt")) {
                List<String> lines =
                        new String(in.readAllBytes(), UTF_8).lines().toList();
                int blank = lines.indexOf("");
                List<NodeAddress> nodes = new ArrayList<>();
                for (String line : lines.subList(0, blank)) {
                    String[] parts = line.split(",", -1);
                    nodes.add(new NodeAddress(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
                }
                return new Vectors(nodes, String.join("", lines.subList(blank + 1, lines.size())));
            }
        }
    }
}
