package io.levee.examples.consistency.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Farewell;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Event.WriteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLineTest {
    @TempDir
    private Path folder;

    static Stream<Event> events() {
        return Stream.of(
                new Read("plain/i0", "lookup", 1, 2, 3, "NEAR", 4, ""),
                new Read("plain/i0", "get", -5, 2, 0, "", -1, "LoadException: no"),
                new Write("near/p1", "put", 1, 2, 3),
                new Clear("near", 1, 2),
                new Load("plain/i0", 1, 2, 0),
                new NodeChange(2, false, 7, "timeout"),
                new WriteFailure("plain/p1", 8, "node is down"),
                new Farewell(3, 9));
    }

    @ParameterizedTest
    @MethodSource("events")
    void event_writtenAndParsed_isTheSame(Event event) {
        assertThat(EventLine.parse(EventLine.of(event))).isEqualTo(event);
    }

    @Test
    void textWithTabsAndLines_written_staysOneLine() {
        String line = EventLine.of(new WriteFailure("plain/p1", 8, "a\tb\nc"));

        assertThat(EventLine.parse(line)).isEqualTo(new WriteFailure("plain/p1", 8, "a b c"));
    }

    @Test
    void otherText_parsed_isRefused() {
        assertThatThrownBy(() -> EventLine.parse("read\tplain")).hasMessageStartingWith("not a line of a history");
        assertThatThrownBy(() -> EventLine.parse("hello")).hasMessageStartingWith("not a line of a history");
    }

    @Test
    void lastLineOfAKilledProcess_read_isLeftOut() throws IOException {
        Path path = folder.resolve("w1.1.history");
        Clear whole = new Clear("near", 1, 2);
        try (HistoryFile file = HistoryFile.create(path)) {
            file.add(whole);
        }
        Files.writeString(path, "clear\tnear\t1", StandardOpenOption.APPEND);

        assertThat(HistoryFile.read(path)).isEqualTo(List.of(whole));
    }
}
