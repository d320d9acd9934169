package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.StreamDef.RelationDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What becomes of contacts when their accounts are merged in the systems; in memory and on the graph. web can only delete, crm merges and
 * moves the contacts itself.
 */
abstract class ReparentContract {
    private static final List<String> NAMES = List.of("crm", "web");
    private static final Map<String, Object> ACME = account("Acme Fittings GmbH", "DE811223344");
    private static final Map<String, Object> AKME = account("Rohrbau Nord KG", "DE555666777");
    private static final Map<String, Object> ZEBRA = account("Zebra Logistik AG", "CH777888999");

    private RelatedSystems hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    private static Map<String, Object> account(String name, String taxId) {
        return Map.of("name", name, "taxId", taxId, "city", "Gdansk");
    }

    private static Map<String, Object> person(String first, String last) {
        return Map.of("firstName", first, "lastName", last, "email", first + "@" + last + ".example");
    }

    @BeforeEach
    void twoAccountsWithContacts() {
        hub = new RelatedSystems(emptyStore(), false, false, "crm", "web");
        for (var name : NAMES) {
            hub.accounts(name).edit(name + "-acme", ACME);
            hub.accounts(name).edit(name + "-zebra", ZEBRA);
            hub.settle();
            hub.accounts(name).edit(name + "-akme", AKME);
            hub.contacts(name).edit(name + "-anna", person("anna", "kowalski"));
            hub.contacts(name).edit(name + "-anna", Map.of("account", name + "-akme"));
            hub.contacts(name).edit(name + "-bruno", person("bruno", "silva"));
            hub.contacts(name).edit(name + "-bruno", Map.of("account", name + "-akme"));
            hub.settle();
        }
        hub.accounts("crm").merges = SurvivorId.WINNER_KEPT;
        for (var name : NAMES) hub.duplicates(name, new Duplicates(When.MERGE_DECIDED, true));
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private MergeEvent merge() {
        var acme = hub.golden("crm:account:crm-acme").id();
        var akme = hub.golden("crm:account:crm-akme").id();
        assertThat(acme).isNotEqualTo(akme);
        var event = hub.stewardship.merge(List.of(acme, akme), acme, Map.of(), "the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
        return event;
    }

    private void unmerge(MergeEvent event) {
        var revision = hub.golden("crm:account:crm-acme").revision();
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, "they are two", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private Object accountOf(String system, String contact) {
        return hub.contacts(system).value(system + "-" + contact, "account");
    }

    private String goldenAccount(String contact) {
        return hub.golden(contact).value("account");
    }

    private RecordState state(String key) {
        var record = RecordKey.parse(key);
        return hub.store
                .read(tx -> tx.records().find(List.of(record)))
                .get(record)
                .state();
    }

    private String problem(String key) {
        return hub.outbox(RecordKey.parse(key).system()).get("record|" + key);
    }

    @Test
    @DisplayName("MRG-2: what refers to a record that is deleted to merge it points to the one that stays first")
    void movedBeforeTheDelete() {
        hub.accounts("web").poisoned = op -> op instanceof WriteOp.Delete delete
                && hub.contacts("web").records().values().stream()
                        .anyMatch(contact -> delete.id().equals(contact.fields().get("account")));
        merge();
        hub.settle();
        assertThat(hub.accounts("web").records()).containsOnlyKeys("web-acme", "web-zebra");
        for (var contact : List.of("anna", "bruno")) {
            assertThat(accountOf("web", contact)).isEqualTo("web-acme");
            assertThat(accountOf("crm", contact)).isEqualTo("crm-acme");
            assertThat(goldenAccount("web:contact:web-" + contact))
                    .isEqualTo(hub.golden("crm:account:crm-acme").id());
        }
        assertThat(state("web:account:web-akme")).isEqualTo(RecordState.FOLDED);
        assertThat(hub.contacts("web").effects).as("once each").hasSize(2);
        assertThat(hub.contacts("crm").effects).as("the system did it").isEmpty();
    }

    @Test
    @DisplayName("MRG-4: after an unmerge what was moved points to what it pointed to before, made anew or not")
    void movedBack() {
        var event = merge();
        hub.settle();
        unmerge(event);
        hub.settle();
        for (var name : NAMES) {
            assertThat(hub.accounts(name).records()).as(name).hasSize(3);
            for (var contact : List.of("anna", "bruno")) {
                var parent = (String) accountOf(name, contact);
                assertThat(hub.accounts(name).value(parent, "taxId"))
                        .as(name + contact)
                        .isEqualTo("DE555666777");
                assertThat(goldenAccount(name + ":contact:" + name + "-" + contact))
                        .isEqualTo(hub.golden(name + ":account:" + parent).id());
            }
        }
    }

    @Test
    @DisplayName(
            "SYN-12: children of a parent that was to be created anew point to the one that somebody entered there instead")
    void enteredInsteadOfMadeAnew() {
        var event = merge();
        hub.settle();
        hub.accounts("web").poisoned = op -> op instanceof WriteOp.Create;
        unmerge(event);
        hub.settle();
        assertThat(state("web:account:web-akme")).isEqualTo(RecordState.RETURNING);
        hub.accounts("web").edit("web-again", AKME);
        hub.settle();
        assertThat(state("web:account:web-akme")).isEqualTo(RecordState.FOLDED);
        assertThat(hub.golden("web:account:web-again").id())
                .isEqualTo(hub.golden("web:account:web-akme").id());
        for (var contact : List.of("anna", "bruno")) {
            assertThat(accountOf("web", contact)).isEqualTo("web-again");
        }
    }

    @Test
    @DisplayName("MRG-4: what a person points elsewhere while a merge stands stays there after the unmerge")
    void movedByAPersonSince() {
        var event = merge();
        hub.settle();
        hub.contacts("web").edit("web-anna", Map.of("account", "web-zebra"));
        hub.settle();
        unmerge(event);
        hub.settle();
        assertThat(accountOf("web", "anna")).isEqualTo("web-zebra");
        assertThat(accountOf("crm", "anna")).isEqualTo("crm-zebra");
        for (var name : NAMES) {
            var parent = (String) accountOf(name, "bruno");
            assertThat(hub.accounts(name).value(parent, "taxId")).isEqualTo("DE555666777");
        }
    }

    @Test
    @DisplayName("MRG-4: merged and unmerged twice, all is where it was")
    void thereAndBackTwice() {
        for (int time = 0; time < 2; time++) {
            var acme = hub.golden("crm:account:crm-acme").id();
            var akme = goldenAccount("web:contact:web-anna");
            var event = hub.stewardship.merge(List.of(acme, akme), acme, Map.of(), "the same", "ada");
            hub.clock.advance(Duration.ofMinutes(1));
            hub.settle();
            for (var name : NAMES) assertThat(accountOf(name, "anna")).isEqualTo(name + "-acme");
            assertThat(hub.accounts("web").records()).hasSize(2);
            unmerge(event);
            hub.settle();
        }
        for (var name : NAMES) {
            var parent = (String) accountOf(name, "anna");
            assertThat(hub.accounts(name).value(parent, "taxId")).as(name).isEqualTo("DE555666777");
        }
    }

    @Test
    @DisplayName(
            "MRG-2: a record stays while something refers to it that the hub may not change, says so, and goes by itself then")
    void whatCannotBeMoved() {
        hub.unwritten("web", "account");
        merge();
        hub.settle();
        assertThat(hub.accounts("web").records()).containsKey("web-akme");
        assertThat(problem("web:account:web-akme"))
                .startsWith("HELD to be merged into web-acme")
                .contains("contact web-anna: account is not written");
        hub.contacts("web").edit("web-anna", Map.of("account", "web-acme"));
        hub.settle();
        assertThat(hub.accounts("web").records()).containsKey("web-akme");
        assertThat(problem("web:account:web-akme")).contains("web-bruno").doesNotContain("web-anna");
        hub.contacts("web").delete("web-bruno");
        hub.settle();
        assertThat(hub.accounts("web").records()).doesNotContainKey("web-akme");
    }

    @Test
    @DisplayName(
            "MRG-6: a record that waits for what refers to it is looked at again once that has moved, however late")
    void movedLate() {
        hub.contacts("web").fault = op -> new WriteResult.NotAttempted(op.opId(), "busy");
        merge();
        hub.settleFor(40);
        assertThat(problem("web:account:web-akme"))
                .startsWith("HELD to be merged into web-acme, once what refers to it");
        hub.contacts("web").fault = op -> null;
        hub.clock.advance(Duration.ofHours(1));
        hub.settle();
        assertThat(hub.accounts("web").records()).doesNotContainKey("web-akme");
        assertThat(accountOf("web", "bruno")).isEqualTo("web-acme");
    }

    @Test
    @DisplayName("MRG-2: a record is not deleted while streams that the hub does not read may refer to it")
    void whatIsNotRead() {
        hub.accounts("web").relations.add(new RelationDef("parent", "parent_id", Set.of("accounts"), false, false));
        merge();
        hub.settle();
        assertThat(hub.accounts("web").records()).containsKey("web-akme");
        assertThat(accountOf("web", "anna")).isEqualTo("web-akme");
        assertThat(problem("web:account:web-akme"))
                .contains("accounts may refer to it by parent, which the hub does not read");
    }

    @Test
    @DisplayName("MRG-2: what comes to refer to a record just as it is deleted points to the one that stays")
    void aNewChildOfADeletedOne() {
        merge();
        hub.settle();
        hub.contacts("web").edit("web-carl", person("carl", "meyer"));
        hub.contacts("web").edit("web-carl", Map.of("account", "web-akme"));
        hub.settle();
        assertThat(accountOf("web", "carl")).isEqualTo("web-acme");
    }

    @Test
    @DisplayName("MRG-2: a system that moves children itself has not told a newer parent by that")
    void noEditOfTheSystem() {
        hub.contacts("web").edit("web-anna", Map.of("account", "web-zebra"));
        hub.contacts("crm").fault = op -> new WriteResult.NotAttempted(op.opId(), "busy");
        hub.settleFor(5);
        merge();
        hub.settleFor(30);
        assertThat(hub.accounts("crm").records()).doesNotContainKey("crm-akme");
        assertThat(accountOf("crm", "anna")).as("the system did it").isEqualTo("crm-acme");
        hub.contacts("crm").fault = op -> null;
        hub.clock.advance(Duration.ofHours(1));
        hub.settle();
        assertThat(accountOf("crm", "anna")).isEqualTo("crm-zebra");
        assertThat(accountOf("web", "anna")).isEqualTo("web-zebra");
    }
}
