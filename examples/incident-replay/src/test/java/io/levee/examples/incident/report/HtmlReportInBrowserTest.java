package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.chromium.Browser;
import io.levee.examples.incident.timeline.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlReportInBrowserTest {
    private static final String PAGE_WIDTH = "document.documentElement.scrollWidth";
    private static final String PLOTS_SHOWN =
            "Array.from(document.querySelectorAll('svg.plot')).filter(p => p.getBoundingClientRect().width > 0).length";
    /** The text of a plot that begins or ends outside the page, where nobody can read it. */
    private static final String CUT_TEXT = """
            Array.from(document.querySelectorAll('svg.plot text'))
              .map(t => ({text: t.textContent, box: t.getBoundingClientRect()}))
              .filter(t => t.box.width > 0 && (t.box.left < 0 || t.box.right > innerWidth))
              .map(t => t.text).join(', ')
            """;

    /** Pairs of texts in a plot that lie upon each other. */
    private static final String OVERLAPS = """
            Array.from(document.querySelectorAll('svg.plot')).flatMap(plot => {
              const texts = Array.from(plot.querySelectorAll('text'))
                .map(t => ({text: t.textContent, box: t.getBoundingClientRect()})).filter(t => t.box.width > 0);
              return texts.flatMap((a, i) => texts.slice(i + 1)
                .filter(b => Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2)
                .filter(b => Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
                .map(b => a.text + ' / ' + b.text));
            }).join(', ')
            """;

    private static final String BRIGHTNESS =
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3";

    @TempDir
    private static Path folder;

    private static Browser browser;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start(Files.createDirectories(folder.resolve("profile")));
        for (Map.Entry<String, Replay> replay : replays().entrySet()) {
            HtmlReport.write(replay.getValue(), folder.resolve(replay.getKey() + ".html"));
        }
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "crash, 400, false", "crash, 400, true", "crash, 768, false", "crash, 1280, false", "crash, 1280, true",
        "flap, 400, true", "flap, 1280, false", "hostile, 400, false", "three, 400, false", "three, 768, false",
        "interrupted, 400, false", "interrupted, 1280, true", "empty, 400, true"
    })
    void open_anyWidthAndScheme_fitsAndReportsNoError(String replay, int width, boolean dark) {
        browser.open(folder.resolve(replay + ".html").toUri(), width, dark);

        assertThat(browser.evaluate(PAGE_WIDTH).asInt()).isLessThanOrEqualTo(width);
        assertThat(browser.evaluate(PLOTS_SHOWN).asInt()).isEqualTo(replay.equals("empty") ? 0 : 7);
        assertThat(browser.evaluate(CUT_TEXT).asString()).isEmpty();
        assertThat(browser.evaluate(OVERLAPS).asString()).isEmpty();
        double brightness = browser.evaluate(BRIGHTNESS).asDouble();
        assertThat(dark ? 255 - brightness : brightness).isGreaterThan(200);
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void moveSlider_showsTheFiguresOfThatSecond() {
        browser.open(folder.resolve("crash.html").toUri(), 400, false);

        browser.evaluate("""
                const slider = document.getElementById('second');
                slider.value = 44;
                slider.dispatchEvent(new Event('input'))
                """);

        String figures = browser.evaluate("document.getElementById('readout').textContent")
                .asString();
        assertThat(figures).contains("0:45 3 dead").contains("Levee").contains("spymemcached");
        assertThat(browser.evaluate("document.querySelectorAll('.crosshair').length")
                        .asInt())
                .isEqualTo(7 * Breadth.values().length);
        assertThat(browser.evaluate(PAGE_WIDTH).asInt()).isLessThanOrEqualTo(400);
        assertThat(browser.errors()).isEmpty();
    }

    private static Map<String, Replay> replays() {
        return new TreeMap<>(Map.of(
                "crash", SampleReplays.crash(),
                "flap", SampleReplays.flap20Minutes(),
                "hostile", SampleReplays.hostile(),
                "three", SampleReplays.three(),
                "interrupted", SampleReplays.interrupted(),
                "empty", SampleReplays.interruptedAtOnce()));
    }
}
