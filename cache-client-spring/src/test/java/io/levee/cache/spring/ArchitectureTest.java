package io.levee.cache.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What the starter may name. */
class ArchitectureTest {
    private static final JavaClasses STARTER = new ClassFileImporter()
            // By the folder's last name: ArchUnit's own option knows no build folder but target.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.levee.cache.spring");

    @Test
    void import_mainClasses_findsThem() {
        assertThat(STARTER.contain(CacheDefinition.class)).isTrue();
        assertThat(STARTER.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void starter_ofTheCore_namesPublicPackagesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.levee.cache..")
                        .and(not(resideInAnyPackage(
                                "io.levee.cache",
                                "io.levee.cache.client",
                                "io.levee.cache.codec",
                                "io.levee.cache.discovery",
                                "io.levee.cache.monitor",
                                "io.levee.cache.spring.."))))
                .check(STARTER);
    }

    @Test
    void starter_theLibrariesBehindTheCore_areNotNamed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "net.spy..", "com.github.benmanes.caffeine..", "io.github.resilience4j..", "tools.jackson..")
                .check(STARTER);
    }

    @Test
    void packages_theirArrows_formNoCycle() {
        slices().matching("io.levee.cache.(**)").should().beFreeOfCycles().check(STARTER);
    }

    @Test
    void whatApplicationsWrite_namesNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.levee.cache.spring")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.levee.cache.spring.*..", "org.springframework..")
                .check(STARTER);
    }
}
