package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.DryRuns;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.engine.dryrun.DryReach;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what a hub that is started with a configuration would do, before it is started. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say what the hub would do in every system if it were started with this configuration: create, change, delete, merge.",
            ""
        },
        footer = {
            "",
            "Changes nothing: the configuration is tried on a copy of the hub in memory, and systems are only read, "
                    + "of which those that are new. Without --hub for a hub that is stopped.",
            "",
            "Examples:",
            "  kintsugi plan --config new.yaml",
            "  kintsugi plan --config new.yaml --read crm --limit 0",
            "  kintsugi plan --config new.yaml --hub http://127.0.0.1:7070"
        })
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(
            names = "--read",
            paramLabel = "SYSTEM",
            description =
                    "A system that is read whole once more, as if for the first time; may be given several times.")
    private Set<String> read = new TreeSet<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Changes to list, 0 for all; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--hub",
            paramLabel = "URL",
            description =
                    "Try it in a hub that runs, such as http://127.0.0.1:7070, instead of a copy of the stopped one.")
    private String running;

    @Option(names = "--json", description = "Print the report as JSON, with all changes.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 0) throw new ParameterException(spec.commandLine(), "--limit must not be below 0, not " + limit);
        var report = running == null ? here() : there(new RemotePlan(new HubClient(running)));
        if (json) RunningHub.print(spec.commandLine().getOut(), RemotePlan.json(report));
        else PlanText.write(report, limit, spec.commandLine().getOut());
        return 0;
    }

    private DryReport here() {
        var settings = hub.settings(Map.of());
        var clock = Clock.systemUTC();
        try (var look = Wiring.look(settings)) {
            var model = new LiveModel(new ModelStore(look.store(), clock).published());
            var change = DryRuns.change(settings.documents(), clock);
            for (var system : read) {
                if (look.preview(settings.documents()).system(system).isPresent()) continue;
                throw new HubException(HubErrorCode.BAD_REQUEST, "--read: there is no system " + system);
            }
            return new DryRun(look.store(), model, clock, new DryReach(look.connectors(), system -> null))
                    .run(new Change(read, change.publish(), change.rematch()), progress());
        }
    }

    private DryReport there(RemotePlan plan) throws InterruptedException {
        if (hub.data != null || hub.uri != null) {
            throw new ParameterException(
                    spec.commandLine(), "--hub names a hub that runs and knows its graph; leave --data and --uri out");
        }
        if (read.isEmpty()) {
            var documents = hub.settings(Map.of()).documents();
            if (documents.documents().values().stream().allMatch(Map::isEmpty)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is nothing to try; name a file with systems or policies with --config, or a system with --read");
            }
            return plan.ofDocuments(documents, progress());
        }
        if (read.size() > 1 || hub.config != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a hub that runs tries one thing at a time: --config FILE, or one --read SYSTEM");
        }
        return plan.ofSystem(read.iterator().next(), progress());
    }

    private Watch progress() {
        return ProgressLine.ofDryRun(spec.commandLine().getErr());
    }
}
