package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.timeline.Replay;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final int BREADTHS = 3;

    @TempDir
    private static Path folder;

    private static List<Document> pages;

    @BeforeAll
    static void writeAll() throws Exception {
        pages = new ArrayList<>();
        for (Replay replay : List.of(
                SampleReplays.crash(),
                SampleReplays.single(),
                SampleReplays.three(),
                SampleReplays.interrupted(),
                SampleReplays.interruptedAtOnce(),
                SampleReplays.withoutRuns(),
                SampleReplays.short5Seconds(),
                SampleReplays.flap20Minutes(),
                SampleReplays.hang(),
                SampleReplays.hostile())) {
            pages.add(parse(write(replay)));
        }
    }

    static List<Document> pages() {
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void write_anyReplay_isWellFormedAndRefersToNothingElse(Document page) {
        // The policy refuses style attributes, so that one would be lost without a trace.
        assertThat(all(page, "*"))
                .filteredOn(element -> Stream.of("src", "href", "action", "xlink:href", "style")
                        .anyMatch(element::hasAttribute))
                .isEmpty();
        assertThat(all(page, "link")).isEmpty();
        assertThat(all(page, "h1")).hasSize(1);
        assertThat(all(page, "main")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void write_anyReplay_hasAnAlternativeForEachPlotAndScopesInEachTable(Document page) {
        for (Element drawing : all(page, "svg")) {
            boolean image = drawing.getAttribute("role").equals("img");
            String alternative = drawing.getAttribute(image ? "aria-label" : "aria-hidden");
            assertThat(alternative).isNotEmpty();
        }
        for (Element heading : all(page, "th")) {
            assertThat(heading.getAttribute("scope")).isNotEmpty();
        }
        for (Element table : all(page, "table")) {
            assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void write_anyReplay_hasNoIdTwice(Document page) {
        List<String> ids = new ArrayList<>();
        for (Element element : all(page, "*")) {
            if (element.hasAttribute("id")) {
                ids.add(element.getAttribute("id"));
            }
        }

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void write_hostileTexts_escapesThemAll() throws Exception {
        String text = write(SampleReplays.hostile());

        assertThat(text).doesNotContain("<script>alert").doesNotContain("\u001b");
        List<Element> scripts = all(parse(text), "script");
        assertThat(scripts).hasSize(2);
        assertThat(scripts.get(0).getTextContent()).contains("\\u003cscript\\u003ealert");
    }

    @Test
    void write_crash_tellsWhatHappenedToEachClient() throws Exception {
        Document page = parse(write(SampleReplays.crash()));

        assertThat(all(page, "h1").get(0).getTextContent().replace('\u00a0', ' '))
                .isEqualTo("With all 3 memcached nodes dead, Levee kept serving and spymemcached fell to 26 requests"
                        + " a second.");
        assertThat(page.getDocumentElement().getTextContent().replace('\u00a0', ' '))
                .contains("fell from 600 to 26 requests a second in phase “3 dead”, with a p99 of 11 s")
                .contains("./incident-replay --scenario crash")
                .doesNotContain("Interrupted");
    }

    @Test
    void write_crash_drawsEveryPlotAtEveryBreadth() throws Exception {
        List<Element> plots = all(parse(write(SampleReplays.crash())), "svg").stream()
                .filter(drawing -> drawing.getAttribute("role").equals("img"))
                .toList();

        assertThat(plots).hasSize(7 * BREADTHS);
    }

    @Test
    void write_interrupted_saysSoAndClaimsNothingOfWhatWasNotReached() throws Exception {
        String text = parse(write(SampleReplays.interrupted()))
                .getDocumentElement()
                .getTextContent()
                .replace('\u00a0', ' ');

        assertThat(text)
                .contains("Interrupted after 58 s.")
                .contains("Until it was interrupted, Levee and spymemcached kept serving.")
                .contains("kept up in the one phase that it got to");
    }

    @Test
    void write_nothingMeasured_saysSo() throws Exception {
        String text = parse(write(SampleReplays.interruptedAtOnce()))
                .getDocumentElement()
                .getTextContent();

        assertThat(text).contains("Nothing was measured.").contains("There is no second to plot.");
    }

    private static String write(Replay replay) throws IOException {
        Path file = folder.resolve("report.html");
        HtmlReport.write(replay, file);
        return Files.readString(file);
    }

    private static Document parse(String page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static List<Element> all(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
