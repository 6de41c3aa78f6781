package io.levee.examples.incident;

import io.levee.examples.incident.client.ClientKind;
import io.levee.examples.incident.database.Calibration;
import io.levee.examples.incident.database.PledgeDatabase;
import io.levee.examples.incident.report.CsvReport;
import io.levee.examples.incident.report.HtmlReport;
import io.levee.examples.incident.report.SummaryTable;
import io.levee.examples.incident.report.TerminalDisplay;
import io.levee.examples.incident.run.Rehearsal;
import io.levee.examples.incident.run.Stage;
import io.levee.examples.incident.run.StopSignal;
import io.levee.examples.incident.script.Scenario;
import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.ReplayProgress;
import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedUnavailableException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Plays one memcached incident with several clients, and shows what becomes of the site and its database behind each.
 *
 * <p>The clients are played one after another. At the same time they would share the CPU, and the one that drowns would pull
 * the other under: on two cores the comparison would show the neighbour and not the client.
 */
public final class IncidentReplay {
    private static final int SUMMARY_WIDTH = 100;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final StopSignal stop = new StopSignal();

    IncidentReplay(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    public static void main(String[] arguments) {
        System.exit(new IncidentReplay(System.out, System.err, Terminal.isThere()).run(arguments));
    }

    /** Returns the exit status. */
    int run(String... arguments) {
        try {
            Options options = Options.parse(arguments);
            if (options.helpWanted()) {
                out.print(Options.help());
                return 0;
            }
            try (CtrlC ctrlC = new CtrlC(stop)) {
                ctrlC.hear();
                replay(options);
            }
            return 0;
        } catch (UsageException e) {
            err.println("incident-replay: " + e.getMessage());
            return 2;
        } catch (IOException | SQLException | MemcachedUnavailableException e) {
            err.println("incident-replay: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            err.println("incident-replay: interrupted");
            return 1;
        }
    }

    private void replay(Options options) throws IOException, SQLException, InterruptedException {
        Scenario scenario = options.scenario();
        List<ClientKind> clients = options.clients();
        Files.createDirectories(options.out());
        ReplayLog.writeTo(options.out().resolve("replay.log"));
        Map<String, String> settings = options.settings();
        Instant startedAt = Instant.now();
        List<ClientRun> runs = new ArrayList<>();
        try (ReplayProgress progress = TerminalDisplay.forConsole(out, terminal)) {
            progress.started(
                    scenario.name(),
                    clients.stream().map(ClientKind::name).toList(),
                    (double) scenario.seconds() * clients.size());
            MemcachedBinary memcached = memcached(options);
            progress.message("memcached: " + memcached);
            settings.put("memcached program", memcached.toString());
            progress.message("database: filling " + options.pledges() + " pledges");
            try (PledgeDatabase database = database(options)) {
                settings.put("database", calibrate(database, options, progress));
                Stage stage = new Stage(scenario, database, memcached, options.firstPort(), options.site());
                double share = 1.0 / clients.size();
                for (ClientKind client : clients) {
                    if (!stop.isGiven()) {
                        runs.add(new Rehearsal(stage, client, progress, stop, runs.size() * share, share).play());
                    }
                }
            }
        }
        conclude(
                new Replay(scenario.name(), settings, startedAt, Machine.describe(), runs, stop.isGiven()),
                options.out());
    }

    private MemcachedBinary memcached(Options options) {
        if (!options.mayInstall()) {
            System.setProperty("levee.memcached.install", "false");
        }
        return options.memcached().map(MemcachedBinary::executable).orElseGet(() -> MemcachedBinary.find(out));
    }

    private static PledgeDatabase database(Options options) throws SQLException {
        int projects = options.site().projects();
        if (options.jdbcUrl().isEmpty()) {
            return PledgeDatabase.embedded(options.databaseSlots(), projects, options.pledges());
        }
        return PledgeDatabase.at(
                options.jdbcUrl().get(),
                options.jdbcUser(),
                options.jdbcPassword(),
                options.databaseSlots(),
                projects,
                options.pledges());
    }

    private static String calibrate(PledgeDatabase database, Options options, ReplayProgress progress)
            throws SQLException {
        Calibration calibration = database.calibrate(options.statsQuery());
        String product = database.product();
        progress.message(String.format(
                Locale.ROOT,
                "database: %s; a stats query reads %,d of them and takes %d ms",
                product,
                calibration.pledges(),
                calibration.took().toMillis()));
        if (calibration.tableTooSmall(options.pledges())) {
            progress.message("database: the table is too small for stats queries of "
                    + options.statsQuery().toMillis() + " ms; give more --pledges");
        }
        return product + ", stats query " + calibration.took().toMillis() + " ms";
    }

    private void conclude(Replay replay, Path folder) throws IOException {
        Path csv = folder.resolve("incident-" + replay.scenario() + ".csv");
        Path html = folder.resolve("incident-" + replay.scenario() + ".html");
        CsvReport.write(replay, csv);
        HtmlReport.write(replay, html);
        out.println();
        out.println(SummaryTable.render(replay, SUMMARY_WIDTH));
        Findings.of(replay.runs()).forEach(out::println);
        out.println();
        out.println("report: " + html);
        out.println("csv:    " + csv);
        out.println("log:    " + folder.resolve("replay.log"));
        out.flush();
    }
}
