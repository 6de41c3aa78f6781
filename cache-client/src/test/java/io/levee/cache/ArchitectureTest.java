package io.levee.cache;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the house and the arrows between them. A room that has no classes yet is allowed. */
class ArchitectureTest {
    private static final String BASE = "io.levee.cache";
    private static final String INTERNAL = BASE + ".internal";
    private static final String[] CONTRACTS = {BASE, BASE + ".codec..", BASE + ".discovery..", BASE + ".monitor.."};

    /** Which rooms a room may name, besides itself, the leaves and the contracts. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("read", Set.of("local", "node", "flight", "load", "write", "generation")),
            Map.entry("schedule", Set.of("read", "health")),
            Map.entry("write", Set.of("local", "node", "generation", "transport")),
            Map.entry("refill", Set.of("local", "node", "generation", "write")),
            Map.entry("flight", Set.of("node")),
            Map.entry("generation", Set.of("node", "transport")),
            Map.entry("node", Set.of("transport", "health")),
            Map.entry("local", Set.of()),
            Map.entry("load", Set.of()),
            Map.entry("transport", Set.of()),
            Map.entry("health", Set.of("transport")));

    /** Rooms that every room may name, and that name no other room but the time. */
    private static final Set<String> LEAVES = Set.of("entry", "time", "event", "thread");

    /** What a node answers: the node's callers hear it as the transport says it, so the word may go where the node may. */
    private static final String ANSWERS = "(\\[L)?" + INTERNAL + ".transport.Reply.*";

    private static final JavaClasses LEVEE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    static List<String> rooms() {
        List<String> rooms = new ArrayList<>(ARROWS.keySet());
        rooms.addAll(LEAVES);
        return rooms;
    }

    @Test
    void import_mainClasses_findsThem() {
        // Every rule below would hold for no classes at all.
        assertThat(LEVEE.contain(ReadThroughCache.class)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void room_itsArrows_runDownOnly(String room) {
        List<String> allowed = new ArrayList<>(List.of(CONTRACTS));
        allowed.add(INTERNAL + "." + room + "..");
        ARROWS.getOrDefault(room, Set.of()).forEach(other -> allowed.add(INTERNAL + "." + other + ".."));
        (LEAVES.contains(room) ? Set.of("time") : LEAVES).forEach(leaf -> allowed.add(INTERNAL + "." + leaf + ".."));
        DescribedPredicate<JavaClass> forbidden = ours().and(resideOutsideOfPackages(allowed.toArray(String[]::new)));
        if (ARROWS.getOrDefault(room, Set.of()).contains("node")) {
            forbidden = forbidden.and(not(nameMatching(ANSWERS)));
        }

        noClasses()
                .that()
                .resideInAPackage(INTERNAL + "." + room + "..")
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true)
                .check(LEVEE);
    }

    @Test
    void contracts_theirArrows_nameNothingBelowOrAbove() {
        noClasses()
                .that()
                .resideInAnyPackage(CONTRACTS)
                .should()
                .dependOnClassesThat(ours().and(resideOutsideOfPackages(CONTRACTS)))
                .check(LEVEE);
    }

    @Test
    void classes_theirPackages_areRoomsThatThisTestKnows() {
        List<String> known = new ArrayList<>(List.of(CONTRACTS));
        known.add(BASE + ".client..");
        rooms().forEach(room -> known.add(INTERNAL + "." + room + ".."));

        classes().should().resideInAnyPackage(known.toArray(String[]::new)).check(LEVEE);
    }

    @Test
    void packages_theirArrows_formNoCycle() {
        slices().assignedFrom(new PackagesAndContracts())
                .should()
                .beFreeOfCycles()
                .check(LEVEE);
    }

    @Test
    void spymemcached_itsImporters_areTheTransportOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(INTERNAL + ".transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.spy..")
                .check(LEVEE);
    }

    @Test
    void contracts_theLibrariesBehindThem_areNotNamed() {
        noClasses()
                .that()
                .resideInAnyPackage(CONTRACTS)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("net.spy..", "com.github.benmanes.caffeine..", "io.github.resilience4j.."))
                .check(LEVEE);
    }

    /** Whoever does not ask for the meters needs no Micrometer: nobody else names it, or them. */
    @Test
    void micrometersMeters_areNamedByTheBinderOnly() {
        noClasses()
                .that()
                .haveNameNotMatching(BASE + "\\.monitor\\.(CacheClientMetrics|\\w+Meters|MeterSet)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.micrometer.core..")
                        .or(nameMatching(BASE + "\\.monitor\\.(CacheClientMetrics|\\w+Meters|MeterSet)")))
                .check(LEVEE);
    }

    @Test
    void classes_theirNames_areNounsOfTheirRoom() {
        Pattern vague = Pattern.compile("Manager|Helper|Util|Impl(?![a-z])|Abstract");

        assertThat(LEVEE)
                .extracting(JavaClass::getName)
                .noneMatch(name ->
                        vague.matcher(name.substring(name.lastIndexOf('.') + 1)).find());
    }

    /** A slice a package; the contracts are one, as they speak of each other: a codec's exception is a cache's. */
    private static final class PackagesAndContracts implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return resideInAnyPackage(CONTRACTS).test(type)
                    ? SliceIdentifier.of("contracts")
                    : SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages, the contracts as one";
        }
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAnyPackage(BASE + "..");
    }
}
