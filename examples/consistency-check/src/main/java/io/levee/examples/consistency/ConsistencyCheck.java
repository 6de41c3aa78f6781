package io.levee.examples.consistency;

import io.levee.examples.consistency.check.Checker;
import io.levee.examples.consistency.check.Duty;
import io.levee.examples.consistency.check.Rule;
import io.levee.examples.consistency.check.Violation;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.Terms;
import io.levee.examples.consistency.link.Plant;
import io.levee.examples.consistency.run.Trial;
import io.levee.examples.consistency.run.TrialSettings;
import io.levee.examples.consistency.worker.Operation;
import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedUnavailableException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs many processes against failing nodes and links, and looks in what they saw for reads that are older than Levee promises. */
public final class ConsistencyCheck {
    private static final int STORIES = 2;
    private static final int SEEDS = 1_000_000;

    private final PrintStream out;
    private final PrintStream err;

    ConsistencyCheck(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        System.exit(new ConsistencyCheck(System.out, System.err).run(arguments));
    }

    /** Returns the exit status: 0 kept, 1 broken or failed, 2 wrong option. */
    int run(String... arguments) {
        try {
            Options options = Options.parse(ThreadLocalRandom.current().nextInt(SEEDS), arguments);
            if (options.helpWanted()) {
                out.print(Options.help());
                return 0;
            }
            if (!System.getProperty("os.name").equals("Linux")) {
                err.println(
                        "consistency-check: needs Linux: other systems lack its clock for all processes and its loopback"
                                + " addresses");
                return 1;
            }
            return check(options);
        } catch (UsageException e) {
            err.println("consistency-check: " + e.getMessage());
            return 2;
        } catch (IOException | MemcachedUnavailableException e) {
            err.println("consistency-check: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            err.println("consistency-check: interrupted");
            return 1;
        }
    }

    private int check(Options options) throws IOException, InterruptedException {
        TrialSettings settings = options.settings();
        out.println("again with: " + commandLine(settings));
        if (settings.plant() != Plant.NONE) {
            out.println("planted bug: " + settings.plant().meaning());
        }
        Path folder = Files.createTempDirectory("consistency-check");
        History history = new Trial(settings, MemcachedBinary.find(out), folder, out).run();
        List<Violation> violations = Checker.check(history, Terms.ofRun(), Trial.NODES);
        out.println();
        out.print(Summary.of(history, violations));
        tell(history, violations);
        if (violations.isEmpty() && !options.keep()) {
            delete(folder);
        } else {
            out.println("histories and logs: " + folder);
        }
        return violations.isEmpty() ? 0 : 1;
    }

    /** A few of each rule, each of another write: one write that is not seen is not seen by many. */
    private void tell(History history, List<Violation> violations) {
        Story story = new Story(history);
        Map<Rule, Set<String>> told = new EnumMap<>(Rule.class);
        for (Violation violation : violations) {
            Set<String> writes = told.computeIfAbsent(violation.rule(), rule -> new HashSet<>());
            Duty duty = violation.duty();
            String write = duty == null ? violation.toString() : duty.process() + duty.call() + duty.start();
            if (writes.size() < STORIES && writes.add(write)) {
                out.print("\n" + story.of(violation));
            }
        }
    }

    private static String commandLine(TrialSettings settings) {
        return "./consistency-check --seed " + settings.seed() + " --seconds " + settings.seconds() + " --workers "
                + settings.workers() + " --threads " + settings.threads() + " --keys " + settings.keys()
                + (settings.plant() == Plant.NONE
                        ? ""
                        : " --plant " + settings.plant().flag())
                + (settings.operations().equals(Operation.all())
                        ? ""
                        : " --operations "
                                + settings.operations().stream()
                                        .map(Operation::flag)
                                        .collect(Collectors.joining(",")));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
