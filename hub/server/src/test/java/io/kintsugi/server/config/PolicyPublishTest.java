package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A configuration that changes between two starts of one hub. */
class PolicyPublishTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ANNA = "firstName=Anna,lastName=Kowalski,email=anna@acme.example,phone=";

    private final HubStore store = new MemoryHubStore();
    private final ModelStore models = new ModelStore(store, Clock.systemUTC());
    private final LiveModel model = new LiveModel(models.publish(ModelStore.Documents.NONE, "file"));
    private final Hub hub = Hub.over(
            store,
            model,
            new Connectors(List.of(), Clock.systemUTC(), Path.of("target")),
            Clock.systemUTC(),
            new Ids(Clock.systemUTC(), new SplittableRandom(7)));

    @AfterEach
    void close() {
        hub.close();
        store.close();
    }

    private void start(String yaml) {
        publish(yaml);
        models.rematch();
        resolve();
    }

    private void publish(String yaml) {
        var documents = Settings.parse("kintsugi.yaml", yaml, Map.of()).documents();
        model.publish(models.publish(documents, "file"));
    }

    private void resolve() {
        while (hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
    }

    private void record(String key, int second, String values) {
        var attributes = new HashMap<String, String>();
        for (var pair : values.split(",")) attributes.put(pair.split("=")[0], pair.split("=")[1]);
        var at = T0.plusSeconds(second);
        var record = SourceRecord.observed(RecordKey.parse(key), "people", attributes, at, at, null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        resolve();
    }

    private GoldenRecord golden(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> {
            var id = tx.goldens().goldenOf(List.of(record)).get(record);
            return tx.goldens().find(List.of(id)).get(id);
        });
    }

    private long version(String kind, String name) {
        return store.read(tx -> tx.journal().document(kind, name).orElseThrow().version());
    }

    private int waiting() {
        return store.read(tx -> tx.records().pending(10_000)).size();
    }

    @Test
    @DisplayName("ID-2, DA-4: an authority policy that is published decides about the values that are there already")
    void anAuthorityPolicyReachesWhatIsStored() {
        record("crm:contact:1", 1, ANNA + "+14155550001");
        record("erp:contact:1", 2, ANNA + "+14155550002");
        assertThat(golden("crm:contact:1").value("phone")).isEqualTo("+14155550002");
        start("authority: {contact: {phone: {strategy: system_rank, ranking: [crm, erp]}}}");
        var phone = golden("crm:contact:1").values().get("phone");
        assertThat(phone.value()).isEqualTo("+14155550001");
        assertThat(phone.policyVersion()).isEqualTo(version("authority", "contact"));
        var explained = hub.explanations().values(golden("crm:contact:1").id()).get("phone");
        assertThat(explained.choice().value()).isEqualTo(phone.value());
    }

    @Test
    @DisplayName(
            "ID-2, ID-4: match rules that are published decide about the clusters there are, and never about verdicts")
    void matchRulesReachWhatIsStoredButNoVerdict() {
        record("crm:contact:1", 1, ANNA + "+14155550001");
        record("erp:contact:1", 2, ANNA + "+14155550002");
        record("crm:contact:2", 3, "firstName=Bruno,lastName=Silva,email=bruno@silva.example");
        record("erp:contact:2", 4, "firstName=Carla,lastName=Rossi,email=carla@rossi.example");
        var event = hub.stewardship()
                .merge(
                        List.of(
                                golden("crm:contact:2").id(),
                                golden("erp:contact:2").id()),
                        null,
                        Map.of(),
                        null,
                        "sam");
        var anna = golden("crm:contact:1").id();
        assertThat(golden("erp:contact:1").id()).isEqualTo(anna);
        start("matching: {contact: {autoBits: 900, reviewBits: 800}}");
        assertThat(golden("crm:contact:1").id())
                .isNotEqualTo(golden("erp:contact:1").id());
        assertThat(golden("erp:contact:2").id()).isEqualTo(event.survivor());
        assertThat(golden("crm:contact:2").id()).isEqualTo(event.survivor());

        var a = RecordKey.parse("crm:contact:1");
        var b = RecordKey.parse("erp:contact:1");
        store.write(tx -> {
            tx.links()
                    .save(List.of(new Link(
                            a,
                            b,
                            Origin.STEWARD,
                            Decision.NO_MATCH,
                            Link.LinkState.ACTIVE,
                            0,
                            List.of(),
                            null,
                            "sam",
                            T0)));
            return null;
        });
        start("matching: {contact: {autoBits: 1, reviewBits: -2}}");
        assertThat(golden("crm:contact:1").id())
                .isNotEqualTo(golden("erp:contact:1").id());
        assertThat(golden("erp:contact:2").id()).isEqualTo(event.survivor());
    }

    @Test
    void whatACrashInterruptedGoesOnAtTheNextStart() {
        var records = new ArrayList<SourceRecord>();
        for (int i = 0; i < 2_500; i++) {
            var key = new RecordKey(i % 2 == 0 ? "crm" : "erp", "contact", "r" + i);
            records.add(SourceRecord.observed(key, "people", Map.of("email", "a" + i + "@b.example"), T0, T0, null)
                    .withState(i % 5 == 0 ? RecordState.DELETED : RecordState.LIVE));
        }
        store.write(tx -> {
            tx.records().save(records);
            return null;
        });
        publish("matching: {contact: {autoBits: 5}}"); // and the process dies
        assertThat(waiting()).isZero();
        publish("matching: {contact: {autoBits: 5}}");
        models.rematch();
        assertThat(waiting()).isEqualTo(2_000);
        store.write(tx -> {
            tx.records().clearPending(tx.records().pending(10_000));
            return null;
        });
        models.rematch();
        assertThat(waiting()).as("what is done is not done again").isZero();
    }

    @Test
    void aSystemThatHoldsNothingYetChangesNothingWhenItIsDeclaredDuplicateFree() {
        record("crm:contact:1", 1, ANNA + "+14155550001");
        publish("matching: {contact: {duplicateFree: [erp]}}");
        models.rematch();
        assertThat(waiting()).isZero();
        publish("matching: {contact: {duplicateFree: [erp, crm]}}");
        models.rematch();
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("GOV-1: a type of one's own takes the place of the shipped one, once and for good")
    void aCustomisedTypeStays() {
        var own = "entities: {contact: {kind: person, attributes: {email: email, shoeSize: text}}}";
        start(own);
        long version = version("entity", "contact");
        start(own);
        start("{}"); // another command, without that block
        assertThat(version("entity", "contact")).isEqualTo(version);
        assertThat(model.get().entityType("contact").attribute("shoeSize")).isPresent();
        assertThat(version("entity", "account")).isEqualTo(1);
    }

    @Test
    void aCustomisedTypeIsTheFirstVersionOfANewHub() {
        try (var fresh = new MemoryHubStore()) {
            var documents = Settings.parse(
                            "kintsugi.yaml",
                            "entities: {contact: {kind: person, attributes: {email: email}}}",
                            Map.of())
                    .documents();
            new ModelStore(fresh, Clock.systemUTC()).publish(documents, "file");
            assertThat(fresh.read(tx -> tx.journal().document("entity", "contact"))
                            .orElseThrow()
                            .version())
                    .isEqualTo(1);
        }
    }
}
