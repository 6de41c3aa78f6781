package io.levee.examples.site.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.examples.chromium.Browser;
import io.levee.examples.site.SiteClient;
import io.levee.examples.site.SmallSite;
import io.levee.examples.site.nodes.NodeProcesses;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** The page in a real browser, with some visitors on the site. */
@SmallSite
@TestPropertySource(properties = "site.visitors=20")
class OpsPageTest {
    /** Four frames are a second. */
    private static final int FRAMES_OF_A_SECOND = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static Browser browser;

    @LocalServerPort
    private int port;

    @Autowired
    private NodeProcesses processes;

    private SiteClient visitor;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start(folder.resolve("profile"));
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void visit() {
        visitor = new SiteClient(port);
    }

    @AfterEach
    void mendAll() {
        visitor.press("/ops/levee", "on=true");
        processes.addresses().forEach(address -> visitor.press("/ops/nodes/" + address + "/restart", ""));
        assertThat(browser.errors()).isEmpty();
    }

    private void open(int width, boolean dark) {
        browser.open(visitor.uri("/ops"), width, dark);
        awaitPage("document.querySelectorAll('.node[data-state=UP]').length === 3");
    }

    private void awaitPage(String condition) {
        await().atMost(PATIENCE)
                .until(() -> browser.evaluate("!!(" + condition + ")").asBoolean());
    }

    private String text(String selector) {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asString();
    }

    /** Presses a button of the first node; returns how many frames the page was told of until it showed the state. */
    private int framesUntilShown(String button, String state) {
        return browser.evaluate("new Promise(shown => {"
                        + " const card = document.querySelector('.node');"
                        + " const before = Number(document.body.dataset.frames);"
                        + " new MutationObserver(() => {"
                        + "  if (card.dataset.state === '" + state + "')"
                        + "   shown(Number(document.body.dataset.frames) - before);"
                        + " }).observe(card, {attributes: true});"
                        + " card.querySelector('button." + button + "').click(); })")
                .asInt();
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "768, false", "400, false", "400, true"})
    void page_fitsAndSaysWhatThereIs(int width, boolean dark) {
        open(width, dark);
        awaitPage("Number(document.body.dataset.frames) > 3");

        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(text("#headline")).contains("All 3 nodes are in use");
        assertThat(text(".node .share-word")).endsWith(" %");
        assertThat(text(".node .connections")).contains(" of 1,024");
        assertThat(browser.evaluate("document.querySelectorAll('#journal li').length")
                        .asInt())
                .isGreaterThanOrEqualTo(3);
        double brightness = browser.evaluate(
                        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3")
                .asDouble();
        assertThat(dark ? 255 - brightness : brightness).isGreaterThan(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 1280, false",
        "/, 400, true",
        "/projects/3, 400, false",
        "/projects/3, 1280, true",
        "/stats, 400, false",
        "/stats, 1280, true",
        "/stats/film, 400, true"
    })
    void pageOfTheSite_fits(String path, int width, boolean dark) {
        browser.open(visitor.uri(path), width, dark);

        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
    }

    @Test
    void nodeKilled_isShownWithinASecondAndTheStatsPageAnswers() {
        open(1280, false);
        visitor.get("/stats");

        assertThat(framesUntilShown("kill", "DOWN")).isLessThanOrEqualTo(FRAMES_OF_A_SECOND);

        assertThat(text(".node .process")).endsWith("killed");
        assertThat(text("#headline")).contains("1 of 3 nodes is out of use");
        awaitPage("document.querySelector('#journal').textContent.includes('You killed node 1.')");
        awaitPage("document.querySelector('#journal').textContent.includes('Node 1 is out of use')");
        assertThat(visitor.get("/stats").statusCode()).isEqualTo(200);

        browser.evaluate("document.querySelector('.node button.restart').click()");
        awaitPage("document.querySelectorAll('.node[data-state=UP]').length === 3");
    }

    @Test
    void nodeHung_isGivenUpAndGoesOn() {
        open(1280, false);

        browser.evaluate("document.querySelector('.node button.hang').click()");
        awaitPage("document.querySelector('.node .process').textContent.endsWith('stopped')");
        browser.evaluate("document.querySelector('.node button.resume').click()");

        awaitPage("document.querySelector('.node .process').textContent.endsWith('running')");
        awaitPage("document.querySelectorAll('.node[data-state=UP]').length === 3");
    }

    @Test
    void buttonsByKeyboard_work() {
        open(400, false);

        for (int tabs = 0;
                tabs < 40
                        && !browser.evaluate("document.activeElement.matches('.node button.kill')")
                                .asBoolean();
                tabs++) {
            browser.press("Tab");
        }
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-label')")
                        .asString())
                .isEqualTo("Kill node 1");
        browser.press("Enter");

        awaitPage("document.querySelector('.node').dataset.state === 'DOWN'");
        // A frame must not take the focus away, or the next key goes nowhere.
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-label')")
                        .asString())
                .isEqualTo("Kill node 1");
    }

    @Test
    void leveeSwitch_turnsItOffAndOnAgain() {
        open(1280, false);

        browser.evaluate("document.getElementById('levee').click()");
        awaitPage("document.getElementById('levee').getAttribute('aria-checked') === 'false'");
        assertThat(text("#headline")).contains("Levee is off");

        browser.evaluate("document.getElementById('levee').click()");
        awaitPage("document.getElementById('levee').getAttribute('aria-checked') === 'true'");
    }

    @Test
    void everyControl_hasAName() {
        open(1280, false);

        String nameless = browser.evaluate(
                        "Array.from(document.querySelectorAll('button, input, a, [role=img], [role=log], [role=switch], [role=region]'))"
                                + ".filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))"
                                + ".map(e => e.outerHTML).join()")
                .asString();

        assertThat(nameless).isEmpty();
    }
}
