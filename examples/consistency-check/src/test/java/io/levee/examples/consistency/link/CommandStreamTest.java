package io.levee.examples.consistency.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandStreamTest {
    private static final String SAID =
            "mn\r\nms plain:i0 15 T30 C5\r\nmd a\r\nmd b C9\r\n\r\nmd plain:i0 O1\r\nms plain:i2 0 T30 C6\r\n\r\nmg x v\r\n";
    private final List<String> commands = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void linesAreChanged_dataIsNot_howeverTheBytesCome(int piece) {
        CommandStream stream = new CommandStream(command -> {
            commands.add(command);
            return command.replaceAll(" C\\d+", "");
        });
        byte[] bytes = SAID.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += piece) {
            byte[] next = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
            passed.writeBytes(stream.pass(next, next.length));
        }

        assertThat(commands)
                .containsExactly("mn", "ms plain:i0 15 T30 C5", "md plain:i0 O1", "ms plain:i2 0 T30 C6", "mg x v");
        assertThat(passed.toString(StandardCharsets.US_ASCII))
                .isEqualTo(SAID.replace("T30 C5", "T30").replace("T30 C6", "T30"));
    }
}
