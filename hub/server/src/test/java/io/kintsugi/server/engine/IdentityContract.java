package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.inbound.Intake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is who by the rules, through the whole flow; on the in-memory store and on the graph. */
abstract class IdentityContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
    }

    @Test
    @DisplayName("ID-1: one person in three systems has one golden record, found by the id of any system")
    void onePersonInThreeSystemsIsOneGolden() {
        for (var name : List.of("crm", "erp", "web")) hub.system(name).edit("1", ANNA);
        hub.settle();
        var id = hub.golden("crm:contact:1").id();
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(id);
        assertThat(hub.golden("web:contact:1").id()).isEqualTo(id);
    }

    @Test
    void aGoldenWithoutRecordsIsDeletedAndComesBackUnderItsId() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        var id = hub.golden("crm:contact:1").id();
        hub.system("crm").delete("1");
        hub.settle();
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.DELETED);
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(id);
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName("ID-3: a record whose only key is emptied and filled again has the golden id it had")
    void aRecordThatLosesItsKeysFindsItsIdAgain() {
        hub.system("crm").edit("1", Map.of("email", "anna.kowalski@acme.example"));
        hub.settle();
        var id = hub.golden("crm:contact:1").id();
        hub.system("crm").edit("1", Map.of("email", ""));
        hub.settle();
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.DELETED);
        hub.system("crm").edit("1", Map.of("email", "anna.kowalski@acme.example"));
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(id);
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName("ID-5: a record that identifies nothing gets no golden, no link and provisions nothing")
    void anUnkeyedRecordStaysAlone() {
        var provisioning = new HubUnderTest(emptyStore(), true, "crm", "erp");
        provisioning.system("crm").edit("blank", Map.of("first", "", "last", "n/a", "email", "", "phone", "0000000"));
        provisioning.system("crm").edit("blank2", Map.of("first", "", "last", "n/a", "email", "", "phone", "0000000"));
        provisioning.settle();
        assertThat(provisioning.golden("crm:contact:blank")).isNull();
        assertThat(provisioning.clusters()).isEmpty();
        assertThat(provisioning.system("erp").records()).isEmpty();
        var key = RecordKey.parse("crm:contact:blank");
        assertThat(provisioning
                        .store
                        .read(tx -> tx.records().find(List.of(key)))
                        .get(key)
                        .state())
                .isEqualTo(RecordState.UNKEYED);
        // a key appears later
        provisioning.system("crm").edit("blank", ANNA);
        provisioning.settle();
        assertThat(provisioning.golden("crm:contact:blank").state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(provisioning.system("erp").records()).hasSize(1);
    }

    private static final Map<String, Object> DAUGHTER = Map.of(
            "first",
            "Anna",
            "last",
            "Lee",
            "born",
            "1980-03-04",
            "email",
            "anna@lee.example",
            "phone",
            "+44 113 496 0001");

    @Test
    @DisplayName("ID-7: without the record that bridged them two goldens are there again under their ids")
    void withoutTheBridgeTheGoldensAreThereAgain() {
        hub.system("crm").edit("1", Map.of("first", "Anna", "email", "anna@lee.example", "city", "Leeds"));
        hub.system("erp")
                .edit("2", Map.of("first", "Anna", "born", "1980-03-04", "phone", "+44 113 496 0001", "city", "Leeds"));
        hub.takeIn();
        var one = hub.golden("crm:contact:1").id();
        var other = hub.golden("erp:contact:2").id();
        assertThat(one).isNotEqualTo(other);
        var bridge = new HashMap<String, Object>(DAUGHTER);
        bridge.put("city", "Leeds");
        for (var gone : List.of("deleted", "changed")) {
            hub.system("web").edit("3", bridge);
            hub.takeIn();
            assertThat(hub.golden("erp:contact:2").id())
                    .as("bridged")
                    .isEqualTo(hub.golden("crm:contact:1").id());
            if (gone.equals("deleted")) hub.system("web").delete("3");
            else hub.system("web").edit("3", Map.of("phone", "", "born", "", "email", "", "first", "Zoe"));
            hub.takeIn();
            assertThat(hub.golden("crm:contact:1").id()).as(gone).isEqualTo(one);
            assertThat(hub.golden("erp:contact:2").id()).as(gone).isEqualTo(other);
            for (var key : List.of("crm:contact:1", "erp:contact:2")) {
                assertThat(hub.golden(key).state()).as(key).isEqualTo(GoldenState.ACTIVE);
            }
        }
    }

    /** ID-2, DA-2: the clusters and values of the same records in an order drawn from the seed. */
    protected void assertOrderDoesNotMatter(long seed) {
        var people = People.some(60, 11);
        var expected = resolved(people, 0);
        var shuffled = new ArrayList<>(people);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(resolved(shuffled, seed)).isEqualTo(expected);
    }

    private Set<Map<String, Object>> resolved(List<People.Row> rows, long seed) {
        var hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
        var random = new Random(seed);
        var batch = new ArrayList<RecordKey>();
        var intake = new Intake(hub.model);
        for (var row : rows) {
            var seen = row.observation();
            hub.store.write(tx -> intake.store(
                    tx,
                    new Intake.Batch(
                            row.system(),
                            row.system(),
                            "people",
                            "contact",
                            List.of(seen),
                            Map.of(),
                            List.of(),
                            List.of(),
                            null),
                    hub.clock.instant()));
            batch.add(seen.key());
            if (random.nextInt(4) == 0) {
                hub.resolver.resolve(batch);
                batch.clear();
            }
        }
        while (hub.resolver.resolvePending(7) > 0) {
            // until nothing waits
        }
        var result = new HashSet<Map<String, Object>>();
        for (var cluster : hub.clusters()) {
            result.add(Map.of(
                    "records", cluster, "values", hub.values(cluster.iterator().next())));
        }
        return result;
    }
}
