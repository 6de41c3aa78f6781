package io.levee.cache.internal.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.entry.EntryHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnowledgeTest {
    private final Knowledge knowledge = new Knowledge();

    @Test
    void nothingKnown_everyGenerationIsZero() {
        assertThat(knowledge.of("c").current()).isZero();
        assertThat(knowledge.of("c")).isSameAs(knowledge.of("c"));
    }

    @Test
    void adopt_risesWhatIsHigherAndTellsThatCacheOnly() {
        List<String> told = new ArrayList<>();
        Generation a = knowledge.of("a");
        Generation b = knowledge.of("b");
        a.whenRisen(() -> told.add("a " + a.current()));
        b.whenRisen(() -> told.add("b " + b.current()));

        knowledge.adopt(GenerationRecord.ofCache("a", 7));
        knowledge.adopt(GenerationRecord.ofCache("a", 6));
        knowledge.adopt(GenerationRecord.ofCache("a", 7));

        assertThat(told).as("told once, when the new one could be seen").containsExactly("a 7");
        knowledge.adopt(GenerationRecord.ofBase(8));
        assertThat(told).containsExactlyInAnyOrder("a 7", "a 8", "b 8");
    }

    @Test
    void handleMadeAfterTheRecordWasAdopted_knowsIt() {
        knowledge.adopt(new GenerationRecord(3, Map.of("a", 7L)));

        assertThat(knowledge.of("a").current()).isEqualTo(7);
        assertThat(knowledge.of("b").current()).isEqualTo(3);
    }

    @Test
    void raise_isTheClockButNeverDown() {
        long first = knowledge.raise("a", 100);
        assertThat(first).isBetween(Knowledge.at(100), Knowledge.at(101) - 1);
        assertThat(knowledge.of("a").current()).isEqualTo(first);
        long second = knowledge.raise("a", 50);
        assertThat(second).isBetween(first + 1, first + Knowledge.at(1));
        assertThat(knowledge.of("a").current()).isEqualTo(second);
        assertThat(knowledge.of("b").current()).isZero();
    }

    @Test
    void raise_atTheBound_staysARecord() {
        knowledge.adopt(GenerationRecord.ofCache("a", EntryHeader.MAX_GENERATION));

        assertThat(knowledge.raise("a", 1)).isEqualTo(EntryHeader.MAX_GENERATION);

        assertThat(GenerationRecord.decode(knowledge.known().encode(), GenerationRecord.CLIENT_FLAGS))
                .contains(knowledge.known());
    }

    @Test
    void withoutRecord_onlyWhenEveryNodeWasHeardAndNoneHadABase() {
        List<String> nodes = List.of("a:1", "b:1");
        knowledge.heardFrom("a:1");
        assertThat(knowledge.isWithoutRecord(nodes)).isFalse();
        assertThat(knowledge.isWithoutRecord(List.of())).isFalse();
        assertThat(knowledge.raise("c", 5)).isPositive();
        knowledge.heardFrom("b:1");
        assertThat(knowledge.isWithoutRecord(nodes)).isTrue();
        knowledge.adopt(GenerationRecord.ofBase(1));
        assertThat(knowledge.isWithoutRecord(nodes)).isFalse();
    }
}
