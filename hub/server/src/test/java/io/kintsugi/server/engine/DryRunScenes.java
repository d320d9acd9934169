package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Reach;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tests of dry runs need: a run, and systems that fail the test when they are written. */
abstract class DryRunScenes {
    static final Watch NOBODY = new Watch() {
        @Override
        public void at(Stage stage, long done, long total) {
            // nobody looks
        }

        @Override
        public void still() {
            // nobody ends it
        }
    };

    final List<String> opened = new ArrayList<>();
    /** A system that the hub does not know yet. */
    SimulatedSystem other;

    static void anna(HubUnderTest hub, String system, String city) {
        hub.system(system)
                .edit(
                        "1",
                        Map.of(
                                "first",
                                "Anna",
                                "last",
                                "Rossi",
                                "email",
                                "anna@acme.example",
                                "born",
                                "1980-02-03",
                                "city",
                                city));
    }

    /** Not counted on the graph. */
    static long writes(HubUnderTest hub) {
        return hub.store instanceof MemoryHubStore memory ? memory.writes() : 0;
    }

    DryReport dry(HubUnderTest hub, Change change) {
        return new DryRun(hub.store, hub.model, hub.clock, reach(hub), 10_000).run(change, NOBODY);
    }

    Reach reach(HubUnderTest hub) {
        return new Reach() {
            @Override
            public Connector open(SystemConfig system) {
                opened.add(system.id());
                return new NoWrites(hub.systems.getOrDefault(system.id(), other));
            }

            @Override
            public Catalog catalog(String system) {
                try {
                    return hub.systems.containsKey(system) ? hub.system(system).discover() : null;
                } catch (ConnectorException e) {
                    return null;
                }
            }
        };
    }
}
