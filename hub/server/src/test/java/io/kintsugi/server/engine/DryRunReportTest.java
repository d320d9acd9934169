package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.FirstSync;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.Merging.Brake;
import io.kintsugi.core.policy.Merging.Mode;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import io.kintsugi.server.engine.resolution.MergeBrake;
import io.kintsugi.server.engine.shared.HubModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DryRunReportTest extends DryRunScenes {
    @Test
    @DisplayName("SYN-11: what is under way anyway is counted and not told as the doing of the change")
    void whatGoesOutAnyway() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        anna(hub, "crm", "Oslo");
        hub.takeIn();
        var report = dry(hub, Change.reading(Set.of(), hub.model.get()));
        assertThat(report.underWay()).isEqualTo(2);
        assertThat(report.changes()).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-11: what waits for the approval of a first sync is told by the dry run of that system, once and whole")
    void whatWaitsForApproval() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        var model = hub.model.get();
        hub.model.publish(new HubModel(
                model.entityTypes(),
                model.matching(),
                model.authority(),
                model.systems().stream()
                        .map(system -> system.id().equals("erp") ? system.withFirstSync(FirstSync.APPROVE) : system)
                        .toList()));
        anna(hub, "crm", "Oslo");
        hub.takeIn();
        var reading = dry(hub, Change.reading(Set.of("erp"), hub.model.get()));
        assertThat(reading.changes()).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(Kind.CREATE);
            assertThat(change.system()).isEqualTo("erp");
        });
        assertThat(reading.underWay()).as("to the third system").isEqualTo(1);
        var other = dry(hub, Change.reading(Set.of("crm"), hub.model.get()));
        assertThat(other.changes()).isEmpty();
        assertThat(other.underWay()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "SYN-11: a first reading tells what it would link, what nobody else holds, twins in it, and rows without a key")
    void theProfileOfAReading() {
        var hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "web");
        anna(hub, "crm", "Oslo");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        anna(hub, "web", "Oslo");
        hub.system("web")
                .edit("2", Map.of("first", "Bo", "last", "Ek", "email", "bo@acme.example", "born", "1970-01-02"));
        hub.system("web")
                .edit("3", Map.of("first", "Bo", "last", "Ek", "email", "bo@acme.example", "born", "1970-01-02"));
        hub.system("web").edit("4", Map.of("city", "Alta"));
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.streams())
                .containsExactly(new DryReport.Stream("web", "people", "contact", 4, 0, 1, 1, 1, 2));
        assertThat(report.warnings())
                .extracting(DryReport.Warning::guard)
                .containsExactly(Guard.BLANK_KEYS, Guard.TWINS);
        assertThat(report.goldens()).isEqualTo(new DryReport.Goldens(1, 0, 0));
    }

    @Test
    @DisplayName("SYN-11: a system that does not answer is named, and the rest is told")
    void aSystemThatIsDown() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        hub.system("web").down = true;
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.warnings()).extracting(DryReport.Warning::guard).contains(Guard.NOT_READ);
        assertThat(report.changes()).isEmpty();
    }

    @Test
    @DisplayName("SYN-11: more creates than a tenth of a system warn")
    void manyCreates() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        for (int i = 0; i < 600; i++) {
            hub.system("web")
                    .edit(
                            "w" + i,
                            Map.of(
                                    "first",
                                    "P" + i,
                                    "last",
                                    "Q" + i,
                                    "email",
                                    "p" + i + "@x.example",
                                    "born",
                                    "1980-01-02"));
        }
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.systems().get("crm")).containsEntry(Kind.CREATE, 600L);
        assertThat(report.warnings()).extracting(DryReport.Warning::guard).containsExactly(Guard.MANY_CREATES);
    }

    /** People that two systems hold and rules only report; merged by so many a day at most. */
    private static HubUnderTest reported(int people) {
        var hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "web");
        hub.matching(merging(Mode.REPORT));
        more(hub, 0, people);
        return hub;
    }

    private static void more(HubUnderTest hub, int from, int to) {
        var names =
                List.of("Anna Rossi", "Bruno Silva", "Carla Petrov", "Dmitri Garcia", "Elena Okafor", "Farid Meyer");
        for (int i = from; i < to; i++) {
            var name = names.get(i).split(" ");
            var person = Map.<String, Object>of(
                    "first",
                    name[0],
                    "last",
                    name[1],
                    "email",
                    name[1] + "@acme.example",
                    "born",
                    "198" + i + "-02-03");
            for (var system : List.of("crm", "web")) hub.system(system).edit("" + i, person);
        }
        hub.takeIn();
    }

    private static MatchPolicy merging(Mode mode) {
        return ModesContract.policy(new Merging(mode, 100, List.of(), new Brake(2, 1)));
    }

    /** That rules merge by themselves. */
    private static Change merges(HubUnderTest hub) {
        var now = hub.model.get();
        var then = new HubModel(
                now.entityTypes(),
                Map.of("contact", merging(Mode.AUTO)),
                now.authority(),
                now.deletes(),
                now.systems());
        return new Change(
                Set.of(),
                store -> then,
                copy -> copy.write(tx -> {
                    for (var system : List.of("crm", "web")) {
                        tx.records()
                                .markPending(tx.records().list(system, "contact", null, 100).items().stream()
                                        .map(SourceRecord::key)
                                        .toList());
                    }
                    return null;
                }));
    }

    @Test
    @DisplayName(
            "SYN-11, MRG-1: rules that the brake on merges would stop are told with how many, the limit and the question")
    void theBrakeOnMerges() {
        var hub = reported(5);
        var report = dry(hub, merges(hub));
        assertThat(report.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.guard()).isEqualTo(Guard.MERGE_BRAKE);
            assertThat(warning.text())
                    .contains(
                            "5 pairs of contact", "would be held back", "lets through (2)", "a person would be asked");
        });
        assertThat(report.hub()).containsEntry(Kind.QUESTION, 1L).doesNotContainKey(Kind.MERGE);
        assertThat(report.changes())
                .filteredOn(change -> change.kind() == Kind.QUESTION)
                .singleElement()
                .satisfies(question -> assertThat(question.label()).isEqualTo("contact"));
        var few = reported(2);
        assertThat(dry(few, merges(few)).warnings()).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-11, MRG-1: what rules merged within the day counts for the brake in a dry run as it does after it")
    void theBrakeKnowsWhatWasMergedToday() {
        var hub = reported(2);
        hub.matching(merging(Mode.AUTO)).takeIn();
        hub.matching(merging(Mode.REPORT)).takeIn();
        more(hub, 2, 4);
        var report = dry(hub, merges(hub));
        assertThat(report.warnings()).extracting(DryReport.Warning::guard).containsExactly(Guard.MERGE_BRAKE);
        hub.matching(merging(Mode.AUTO)).takeIn();
        var asked = hub.store.read(tx -> tx.reviews().find(List.of(MergeBrake.questionOf("contact"))));
        assertThat(asked).as("and so it comes").hasSize(1);
    }

    @Test
    @DisplayName("SYN-11, SCH-1: what people decided about mappings and attributes counts in a dry run")
    void amendmentsCount() {
        var hub = new HubUnderTest(new MemoryHubStore(), false, "crm");
        hub.store.write(tx -> {
            var at = hub.clock.instant();
            tx.journal().publish("entity", "contact", ModelStore.shipped("contact"), "kintsugi", at);
            var system = "{label: C, connector: sim, streams: {people: {entity: contact, fields: {mail: email}}}}";
            tx.journal().publish("system", "crm", system, "file", at);
            tx.journal().publish("attributes", "contact", "attributes: {shoe: {is: TEXT}}", "ada", at);
            tx.journal().publish("mapping", "crm.people", "fields: {size: {is: {attribute: shoe}}}", "ada", at);
            return null;
        });
        var mapped = new ArrayList<String>();
        var change = new Change(
                Set.of(),
                copy -> {
                    var model = new ModelStore(copy, hub.clock).preview(Documents.NONE);
                    model.systems().get(0).streams().get(0).fields().forEach(field -> mapped.add(field.attribute()));
                    return hub.model.get();
                },
                copy -> {});
        dry(hub, change);
        assertThat(mapped).containsExactlyInAnyOrder("email", "shoe");
    }

    @Test
    @DisplayName("SYN-11: a hub that does not fit into memory is refused, and says how much it needs")
    void aHubThatIsTooBig() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        var small = new DryRun(hub.store, hub.model, hub.clock, reach(hub), 1);
        assertThatThrownBy(() -> small.run(Change.reading(Set.of(), hub.model.get()), NOBODY))
                .hasMessageContaining("2 records does not fit into memory");
    }

    @Test
    @DisplayName("SYN-11: a dry run that creates more than fits into memory ends before it harms the hub")
    void moreCreatesThanFit() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        anna(hub, "web", "Oslo");
        var small = new DryRun(hub.store, hub.model, hub.clock, reach(hub), 1);
        assertThatThrownBy(() -> small.run(Change.reading(Set.of("web"), hub.model.get()), NOBODY))
                .hasMessageContaining("2 records does not fit into memory");
    }

    @Test
    @DisplayName("SYN-11: a dry run ends when it is cancelled")
    void cancelled() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        var impatient = new Watch() {
            @Override
            public void at(Stage stage, long done, long total) {
                // looks on
            }

            @Override
            public void still() {
                throw new CancellationException();
            }
        };
        assertThatThrownBy(() -> new DryRun(hub.store, hub.model, hub.clock, reach(hub), 100)
                        .run(Change.reading(Set.of(), hub.model.get()), impatient))
                .isInstanceOf(CancellationException.class);
    }
}
