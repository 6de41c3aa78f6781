package io.levee.cache.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.ReadThroughCache;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of settings knows every setting that the builders have. */
class SettingsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "settings.md");

    @ParameterizedTest
    @ValueSource(classes = {CacheClient.Builder.class, ReadThroughCache.Builder.class})
    void settings_ofTheBuilder_areOnThePage(Class<?> builder) throws IOException {
        String page = Files.readString(PAGE);

        assertThat(Arrays.stream(builder.getMethods())
                        .filter(method -> method.getDeclaringClass() == builder && method.getReturnType() == builder)
                        .map(Method::getName))
                .hasSizeGreaterThan(10)
                .allSatisfy(setting -> assertThat(page).contains("`" + setting + "("));
    }
}
