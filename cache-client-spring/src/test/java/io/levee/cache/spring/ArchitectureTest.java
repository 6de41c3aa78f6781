package io.levee.cache.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the starter may name. */
class ArchitectureTest {
    private static final JavaClasses STARTER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.levee.cache.spring");

    @Test
    void import_mainClasses_findsThem() {
        assertThat(STARTER.contain(CacheDefinition.class)).isTrue();
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
