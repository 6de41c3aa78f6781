package io.levee.examples.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the site says if it is to use a PostgreSQL that is not there. */
@ExtendWith(OutputCaptureExtension.class)
class NoDatabaseTest {
    @Test
    void profilePostgres_withoutOne_endsWithOneScreenThatSaysWhatToDo(CapturedOutput output) {
        assertThatThrownBy(() -> StatsSite.main(
                        "--server.port=0",
                        "--site.own-nodes=false",
                        "--levee.nodes=127.0.0.1:1",
                        "--spring.profiles.active=postgres",
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/site?password=secret"))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The PostgreSQL at jdbc:postgresql://127.0.0.1:1/site cannot be used: ")
                .contains("name another with --spring.datasource.url")
                .doesNotContain("secret");
    }
}
