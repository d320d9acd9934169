package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Reach;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    private static final Map<String, String> FIELDS = Map.of(
            "firstName",
            "first",
            "lastName",
            "last",
            "email",
            "email",
            "phone",
            "phone",
            "city",
            "city",
            "birthDate",
            "born");

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

    /** Compares what a dry run tells with what then happens, and gives what it told. */
    DryReport foretold(HubUnderTest hub, Change change, Runnable really) {
        hub.systems.values().forEach(system -> {
            system.effects.clear();
            system.undeleted.clear();
        });
        var before = goldens(hub);
        var asked = questions(hub);
        long writes = writes(hub);
        var report = dry(hub, change);
        assertThat(writes(hub)).as("a dry run stores nothing").isEqualTo(writes);
        hub.systems.values().forEach(system -> {
            assertThat(system.effects).isEmpty();
            assertThat(system.undeleted).isEmpty();
        });
        really.run();
        assertThat(told(report, Kind.CREATE, Kind.UNDELETE, Kind.UPDATE, Kind.DELETE))
                .isEqualTo(sent(hub));
        var survivors = new TreeSet<String>();
        before.keySet().forEach(id -> {
            var now = hub.currentId(id);
            if (!now.equals(id)) survivors.add(now + " <- " + id);
        });
        var merged = new TreeSet<String>();
        report.changes().stream().filter(c -> c.kind() == Kind.MERGE).forEach(c -> c.goldens().stream()
                .skip(1)
                .forEach(id -> merged.add(c.goldens().get(0) + " <- " + id)));
        assertThat(merged).isEqualTo(survivors);
        var questions = questions(hub);
        questions.keySet().removeAll(asked.keySet());
        assertThat(report.changes().stream()
                        .filter(c -> c.kind() == Kind.QUESTION)
                        .map(c -> plain(c.record())))
                .containsExactlyInAnyOrderElementsOf(questions.values());
        var after = goldens(hub);
        assertThat(report.goldens().added())
                .isEqualTo(after.keySet().stream()
                        .filter(id -> !before.containsKey(id))
                        .count());
        assertThat(report.goldens().retired())
                .isEqualTo(before.keySet().stream()
                        .filter(id -> !after.containsKey(id))
                        .count());
        var totals = new TreeMap<Kind, Long>();
        report.changes().forEach(c -> totals.merge(c.kind(), 1L, Long::sum));
        var counted = new TreeMap<>(report.hub());
        report.systems().values().forEach(kinds -> kinds.forEach((kind, n) -> counted.merge(kind, n, Long::sum)));
        assertThat(counted).isEqualTo(totals);
        return report;
    }

    private static List<String> told(DryReport report, Kind... kinds) {
        var told = new ArrayList<String>();
        for (var change : report.changes()) {
            if (!Set.of(kinds).contains(change.kind())) continue;
            var values = new TreeMap<String, String>();
            for (var value : change.values()) values.put(value.field(), value.to() == null ? "" : value.to());
            if (change.kind() == Kind.CREATE) values.values().removeIf(String::isEmpty);
            var record = change.record() == null
                    ? "new"
                    : RecordKey.parse(change.record()).externalId();
            told.add(change.kind() + " " + change.system() + " " + record + " " + values);
        }
        told.sort(null);
        return told;
    }

    /** What the systems were really asked, several writes of one record as one. */
    private static List<String> sent(HubUnderTest hub) {
        var sent = new ArrayList<String>();
        hub.systems.forEach((name, system) -> {
            var byKey = new HashMap<Object, String>();
            system.records().forEach((id, record) -> byKey.put(record.fields().get(SimulatedSystem.LINK_KEY), id));
            var values = new TreeMap<String, Map<String, String>>();
            var kinds = new TreeMap<String, String>();
            for (var id : system.undeleted) {
                kinds.put(id, "UNDELETE");
                values.put(id, new TreeMap<>());
            }
            for (var op : system.effects) {
                if (op instanceof WriteOp.Create create) {
                    var id = String.valueOf(byKey.get(create.linkKey()));
                    kinds.put(id, "CREATE");
                    create.set().forEach((field, value) -> values.computeIfAbsent(id, i -> new TreeMap<>())
                            .put(field, String.valueOf(value)));
                } else if (op instanceof WriteOp.Update update) {
                    kinds.putIfAbsent(update.id(), "UPDATE");
                    var all = values.computeIfAbsent(update.id(), i -> new TreeMap<>());
                    update.set().forEach((field, value) -> all.put(field, String.valueOf(value)));
                    update.clear().forEach(field -> all.put(field, ""));
                } else if (op instanceof WriteOp.Delete delete) {
                    kinds.put(delete.id(), "DELETE");
                    values.put(delete.id(), new TreeMap<>());
                }
            }
            kinds.forEach((id, kind) -> {
                var all = values.get(id);
                if (kind.equals("CREATE")) all.values().removeIf(String::isEmpty);
                sent.add(kind + " " + name + " " + (kind.equals("CREATE") ? "new" : id) + " " + all);
            });
        });
        sent.sort(null);
        return sent;
    }

    static Map<String, GoldenRecord> goldens(HubUnderTest hub) {
        var goldens = new TreeMap<String, GoldenRecord>();
        hub.store
                .read(tx -> tx.goldens().list(Filter.all(), null, 10_000).items())
                .forEach(golden -> goldens.put(golden.id(), golden));
        return goldens;
    }

    /** First record of each open question, by its id. */
    private static Map<String, String> questions(HubUnderTest hub) {
        var questions = new TreeMap<String, String>();
        var open = new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt");
        hub.store
                .read(tx -> tx.reviews().list(open, null, 10_000).items())
                .forEach(review ->
                        questions.put(review.id(), plain(review.records().get(0).toString())));
        return questions;
    }

    /** What was just created has another id each time. */
    private static String plain(String record) {
        return record.replaceAll(":[^:]*new[^:]*$", ":new");
    }

    static void people(HubUnderTest hub, long seed, int people) {
        for (var row : People.some(people, seed)) {
            var fields = new HashMap<String, Object>();
            row.attributes().forEach((attribute, value) -> fields.put(FIELDS.get(attribute), value));
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system(row.system()).edit(row.id(), fields);
        }
    }
}
