package io.levee.cache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.spring.Application;
import io.levee.examples.memcached.MemcachedNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands on the pages for those who come from elsewhere is what compiles, and what an application starts with. */
class MigrationPagesTest {
    static final String[] PAGES = {"from-spring-cache", "from-simple-spring-memcached", "from-spymemcached"};

    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static Stream<Page.Block> java() {
        return Stream.of(PAGES).flatMap(page -> Page.read(page).of("java").stream());
    }

    static Stream<Page.Block> properties() {
        return Stream.of(PAGES).flatMap(page -> Page.read(page).of("properties").stream());
    }

    @ParameterizedTest
    @FieldSource("PAGES")
    void page_itsBlocks_areOfKindsThatTheTestsKnow(String page) {
        assertThat(Page.read(page).of("java")).hasSizeGreaterThan(2);
        assertThat(Page.read(page).blocks())
                .extracting(Page.Block::kind)
                .allMatch(kind -> kind.matches("java|java ssm|properties|xml"));
    }

    @ParameterizedTest
    @MethodSource("java")
    void java_ofThePage_compiles(Page.Block block) {
        assertThat(BlockCompiler.compile(block, node.address())).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("properties")
    void properties_ofThePage_startAnApplication(Page.Block block) {
        Application.bare()
                .withPropertyValues(Pages.propertiesOn(block, node))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
