package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.References.Referrer;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of references between records of different types in three systems whose ids differ; runs in memory and on the graph. */
abstract class ReferencesContract {
    private static final List<String> NAMES = List.of("crm", "erp", "web");

    private RelatedSystems hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new RelatedSystems(emptyStore(), false, false, "crm", "erp", "web");
    }

    private static Map<String, Object> account(String name, String taxId) {
        return Map.of("name", name, "taxId", taxId, "city", "Gdansk");
    }

    private static final Map<String, Object> ACME = account("Acme Fittings GmbH", "DE811223344");
    private static final Map<String, Object> BOLT = account("Bolt & Sons Ltd", "GB99887766");
    private static final Map<String, Object> ANNA =
            Map.of("firstName", "Anna", "lastName", "Kowalski", "email", "anna.kowalski@acme.example");

    /** The same two accounts in every system, under ids that say whose they are and which. */
    private void accountsEverywhere() {
        for (var name : NAMES) {
            hub.accounts(name).edit(name + "-acme", ACME);
            hub.accounts(name).edit(name + "-bolt", BOLT);
        }
        hub.settle();
        assertThat(hub.golden("crm:account:crm-acme").id())
                .isEqualTo(hub.golden("web:account:web-acme").id())
                .isNotEqualTo(hub.golden("crm:account:crm-bolt").id());
    }

    private void annaEverywhere(String company) {
        for (var name : NAMES) {
            hub.contacts(name).edit(name + "-anna", ANNA);
            hub.contacts(name).edit(name + "-anna", Map.of("account", name + "-" + company));
        }
        hub.settle();
    }

    private void assertAnnaIsWith(String company) {
        var golden = hub.golden("crm:account:crm-" + company).id();
        assertThat(hub.golden("crm:contact:crm-anna").value("account")).isEqualTo(golden);
        for (var name : NAMES) {
            assertThat(hub.contacts(name).value(name + "-anna", "account"))
                    .as(name)
                    .isEqualTo(name + "-" + company);
        }
    }

    private int writes() {
        return NAMES.stream()
                .mapToInt(name -> hub.contacts(name).effects.size())
                .sum();
    }

    @Test
    @DisplayName("I9: ids of different systems that lead to one golden are one reference, and nothing is written")
    void oneReferenceInThreeSystems() {
        accountsEverywhere();
        annaEverywhere("acme");
        assertAnnaIsWith("acme");
        assertThat(writes()).isZero();
    }

    @Test
    @DisplayName(
            "I9: a person's new parent in one system reaches the others by their own ids, once, and never literally")
    void aPersonMovesAChild() {
        accountsEverywhere();
        annaEverywhere("acme");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.contacts("erp").edit("erp-anna", Map.of("account", "erp-bolt"));
        hub.settle();
        assertAnnaIsWith("bolt");
        assertThat(hub.contacts("crm").effects).hasSize(1);
        assertThat(hub.contacts("web").effects).hasSize(1);
        assertThat(hub.contacts("erp").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-12: a child whose parent is not known flows without it, and with it once the parent has come")
    void theChildComesBeforeItsParent() {
        for (var name : List.of("erp", "web")) {
            hub.accounts(name).edit(name + "-acme", ACME);
            hub.contacts(name).edit(name + "-anna", ANNA);
        }
        hub.contacts("crm").edit("crm-anna", ANNA);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme", "phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.golden("crm:contact:crm-anna").value("account")).isNull();
        assertThat(hub.contacts("erp").value("erp-anna", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.contacts("erp").records().get("erp-anna").fields()).doesNotContainKey("account");

        hub.accounts("crm").edit("crm-acme", ACME);
        hub.settle();
        assertAnnaIsWith("acme");
    }

    @Test
    @DisplayName("R9: a person's new parent that is not known yet is not written over, and stands once it is")
    void aNewParentIsNotWrittenOver() {
        accountsEverywhere();
        annaEverywhere("acme");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.contacts("erp").edit("erp-anna", Map.of("account", "erp-fresh"));
        hub.settle();
        hub.contacts("web").edit("web-anna", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isEqualTo("erp-fresh");
        assertThat(hub.contacts("erp").value("erp-anna", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.contacts("crm").value("crm-anna", "account")).isEqualTo("crm-acme");
        assertThat(hub.compared("erp", "erp-anna", "account")).isEqualTo(Disposition.HELD);
        assertThat(hub.compared("web", "web-anna", "account")).isEqualTo(Disposition.AGREES);

        for (var name : NAMES) hub.accounts(name).edit(name + "-fresh", account("Fresh Air Oy", "FI31415926"));
        hub.settle();
        assertAnnaIsWith("fresh");
    }

    @Test
    @DisplayName("MRG-2: when parents are merged, children follow, and a reference to either of them is no change")
    void parentsAreMerged() {
        accountsEverywhere();
        for (var name : NAMES) hub.accounts(name).edit(name + "-acme2", account("Akme Rohrbau", "DE555"));
        annaEverywhere("acme2");
        assertAnnaIsWith("acme2");
        var two = hub.golden("crm:account:crm-acme2").id();
        var one = hub.golden("crm:account:crm-acme").id();
        hub.stewardship.merge(List.of(one, two), one, Map.of(), "the same", "me");
        hub.settle();
        assertThat(hub.golden("crm:contact:crm-anna").value("account")).isEqualTo(one);
        assertThat(writes()).as("both records are there, and either is right").isZero();

        hub.clock.advance(Duration.ofMinutes(1));
        hub.contacts("erp").edit("erp-anna", Map.of("account", "erp-acme"));
        hub.settle();
        assertThat(writes()).as("a reference to the other one is no change").isZero();
        assertThat(hub.contacts("crm").value("crm-anna", "account")).isEqualTo("crm-acme2");
    }

    @Test
    @DisplayName("MRG-4: when parents are unmerged, children are with the parent again that their systems name")
    void parentsAreUnmerged() {
        accountsEverywhere();
        annaEverywhere("bolt");
        var bolt = hub.golden("crm:account:crm-bolt").id();
        var acme = hub.golden("crm:account:crm-acme").id();
        hub.stewardship.merge(List.of(acme, bolt), acme, Map.of(), "the same", "me");
        hub.settle();
        assertThat(hub.golden("crm:contact:crm-anna").value("account")).isEqualTo(acme);
        var event = hub.store.read(tx -> tx.merges().ofGolden(acme)).get(0);
        hub.stewardship.unmerge(
                event.id(),
                UnmergeMode.SINGLE,
                hub.golden("crm:account:crm-acme").revision(),
                "they are two",
                "me");
        hub.settle();
        assertAnnaIsWith("bolt");
        assertThat(hub.golden("crm:account:crm-bolt").id()).isEqualTo(bolt);
        assertThat(writes()).isZero();
    }

    @Test
    @DisplayName("SYN-12: a parent that is only in one system is created before its children, in each other system")
    void parentsAreCreatedFirst() {
        hub = new RelatedSystems(emptyStore(), true, false, "crm", "erp", "web");
        hub.contacts("crm").edit("crm-anna", ANNA);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme"));
        hub.accounts("crm").edit("crm-acme", ACME);
        hub.settle();
        for (var name : List.of("erp", "web")) {
            assertThat(hub.accounts(name).records()).hasSize(1);
            assertThat(hub.contacts(name).records()).hasSize(1);
            assertThat(hub.contacts(name).effects).as("made whole, not patched").hasSize(1);
            var anna = hub.contacts(name).records().values().iterator().next();
            assertThat(anna.fields())
                    .containsEntry(
                            "account",
                            hub.accounts(name).records().keySet().iterator().next());
        }
        assertThat(hub.contacts("crm").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-12: records that refer to each other in a circle all come about, and agree")
    void aCircleConverges() {
        hub = new RelatedSystems(emptyStore(), true, true, "crm", "erp");
        hub.accounts("crm").edit("crm-acme", ACME);
        hub.accounts("crm").edit("crm-acme", Map.of("primaryContact", "crm-anna"));
        hub.contacts("crm").edit("crm-anna", ANNA);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme", "manager", "crm-boss"));
        hub.contacts("crm")
                .edit("crm-boss", Map.of("firstName", "Bettina", "lastName", "Ochs", "email", "b.ochs@acme.example"));
        hub.contacts("crm").edit("crm-boss", Map.of("manager", "crm-anna"));
        hub.settle();
        assertThat(hub.accounts("erp").records()).hasSize(1);
        assertThat(hub.contacts("erp").records()).hasSize(2);
        var acme = hub.accounts("erp").records().values().iterator().next();
        var anna = (String) acme.fields().get("primaryContact");
        assertThat(hub.contacts("erp").value(anna, "account"))
                .isEqualTo(acme.id().id());
        var boss = (String) hub.contacts("erp").value(anna, "manager");
        assertThat(hub.contacts("erp").value(boss, "manager")).isEqualTo(anna);
        assertThat(hub.contacts("crm").effects).isEmpty();
        assertThat(hub.accounts("crm").effects).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-12: a child that its system does not take without a parent waits for it, and no attempt is counted")
    void aRequiredReferenceWaits() {
        hub = new RelatedSystems(emptyStore(), true, false, "crm", "erp");
        hub.contacts("erp").required.add("account");
        hub.accounts("erp").fault = op -> new WriteResult.NotAttempted(op.opId(), "busy");
        hub.contacts("crm").edit("crm-anna", ANNA);
        hub.settleFor(30);
        assertThat(hub.contacts("erp").records()).isEmpty();
        assertThat(hub.outbox("erp").values()).anyMatch(text -> text.contains("erp demands account"));

        hub.accounts("crm").edit("crm-acme", ACME);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme"));
        hub.settleFor(30);
        assertThat(hub.contacts("erp").records()).isEmpty();
        assertThat(hub.outbox("erp").values()).anyMatch(text -> text.startsWith("DUE waits until account"));

        hub.accounts("erp").fault = op -> null;
        hub.clock.advance(Duration.ofHours(2));
        hub.settle();
        assertThat(hub.contacts("erp").effects).singleElement().isInstanceOf(WriteOp.Create.class);
        var anna = hub.contacts("erp").records().values().iterator().next();
        assertThat(anna.fields().get("account"))
                .isEqualTo(hub.accounts("erp").records().keySet().iterator().next());
    }

    @Test
    @DisplayName(
            "SYN-12: a parent that is missing in one system holds back nothing but the reference there, and says so")
    void theParentIsMissingInOneSystem() {
        for (var name : List.of("crm", "web")) hub.accounts(name).edit(name + "-acme", ACME);
        for (var name : NAMES) hub.contacts(name).edit(name + "-anna", ANNA);
        hub.contacts("erp").edit("erp-anna", Map.of("account", ""));
        hub.settle();
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme", "phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.contacts("web").value("web-anna", "account")).isEqualTo("web-acme");
        assertThat(hub.contacts("erp").value("erp-anna", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isEqualTo("");
        assertThat(hub.outbox("erp").values())
                .singleElement()
                .asString()
                .contains("account is not written: account "
                        + hub.golden("crm:account:crm-acme").id() + " is not in erp");

        assertThat(hub.compared("erp", "erp-anna", "account")).isEqualTo(Disposition.LEFT);

        hub.accounts("erp").edit("erp-acme", ACME);
        hub.settle();
        assertAnnaIsWith("acme");
    }

    @Test
    @DisplayName("SCH-4, SYN-12: a value that is refused is told of beside a parent that is waited for")
    void aRefusalIsToldBesideAMissingParent() {
        hub = new RelatedSystems(emptyStore(), true, false, "crm", "erp");
        for (var name : List.of("crm", "erp")) hub.contacts(name).edit(name + "-anna", ANNA);
        hub.settle();
        hub.accounts("erp").fault = op -> new WriteResult.NotAttempted(op.opId(), "busy");
        hub.contacts("erp").fault = op -> op instanceof WriteOp.Update update
                        && update.set().containsKey("phone")
                ? new WriteResult.Rejected(
                        op.opId(),
                        new RecordError(RecordError.Code.VALIDATION, "phone", "22001", "too long", List.of(), false))
                : null;
        hub.accounts("crm").edit("crm-acme", ACME);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme", "phone", "+1 415 555 0134"));
        hub.settleFor(30);
        assertThat(hub.outbox("erp").get("record|erp:contact:erp-anna"))
                .startsWith("HELD account is not written")
                .contains("phone is held back: ");
    }

    @Test
    @DisplayName("SYN-12: two records of a parent that come into a system at once let its children be written there")
    void twoOfAParentComeAtOnce() {
        hub.accounts("crm").edit("crm-acme", ACME);
        hub.contacts("crm").edit("crm-anna", ANNA);
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme"));
        hub.contacts("erp").edit("erp-anna", ANNA);
        hub.settle();
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isNull();
        hub.accounts("erp").edit("erp-acme", ACME);
        hub.accounts("erp").edit("erp-acme-2", ACME);
        hub.settle();
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isIn("erp-acme", "erp-acme-2");
    }

    @Test
    @DisplayName("I9: a parent that was deleted in its system leaves the references to it as they are")
    void theParentIsDeleted() {
        accountsEverywhere();
        annaEverywhere("acme");
        for (var name : NAMES) hub.accounts(name).delete(name + "-acme");
        hub.settle();
        var acme = hub.golden("crm:account:crm-acme");
        assertThat(acme.state()).isEqualTo(GoldenState.DELETED);
        hub.contacts("crm").edit("crm-anna", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        assertAnnaIsWith("acme");
    }

    @Test
    @DisplayName("SYN-12: a parent that comes back in its system gets the children it missed there")
    void theParentComesBack() {
        accountsEverywhere();
        for (var name : NAMES) hub.contacts(name).edit(name + "-anna", ANNA);
        hub.accounts("erp").delete("erp-acme");
        hub.settle();
        hub.contacts("crm").edit("crm-anna", Map.of("account", "crm-acme"));
        hub.settle();
        assertThat(hub.contacts("web").value("web-anna", "account")).isEqualTo("web-acme");
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isNull();
        hub.accounts("erp").edit("erp-acme", ACME);
        hub.settle();
        assertAnnaIsWith("acme");
    }

    @Test
    @DisplayName("MRG-2: a record that leaves its golden takes its children along, in every system")
    void aParentIsTakenOutOfItsGolden() {
        accountsEverywhere();
        annaEverywhere("acme");
        hub.clock.advance(Duration.ofMinutes(1));
        // the web shop's account turns out to be another company
        hub.accounts("web").edit("web-acme", account("Zebra Logistik AG", "CH777"));
        hub.settle();
        assertThat(hub.contacts("web").value("web-anna", "account")).isEqualTo("web-acme");
        assertThat(hub.outbox("web").values()).anyMatch(text -> text.contains(" is not in web"));
        hub.accounts("web").edit("web-right", ACME);
        hub.settle();
        var golden = hub.golden("crm:contact:crm-anna").value("account");
        for (var name : NAMES) {
            var id = (String) hub.contacts(name).value(name + "-anna", "account");
            assertThat(hub.golden(name + ":account:" + id).id()).as(name).isEqualTo(golden);
        }
    }

    @Test
    @DisplayName("DA-6: a steward gives a reference as a golden record, and each system gets its own id of that")
    void aStewardGivesAParent() {
        accountsEverywhere();
        annaEverywhere("acme");
        var anna = hub.golden("crm:contact:crm-anna");
        var bolt = hub.golden("crm:account:crm-bolt").id();
        hub.stewardship.giveValue(anna.id(), anna.revision(), "account", bolt, LifeCycle.FOREVER, null, null, "me");
        hub.settle();
        assertAnnaIsWith("bolt");
        assertThatThrownBy(() -> hub.stewardship.giveValue(
                        anna.id(),
                        hub.golden("crm:contact:crm-anna").revision(),
                        "account",
                        "crm-bolt",
                        LifeCycle.FOREVER,
                        null,
                        null,
                        "me"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("account leads to a golden record of type account");
    }

    @Test
    @DisplayName(
            "DA-6: a parent that a steward gives is written once it has come into the system, though no record names it")
    void aStewardGivesAParentThatIsNotThere() {
        hub.accounts("crm").edit("crm-bolt", BOLT);
        hub.contacts("erp").edit("erp-anna", ANNA);
        hub.settle();
        var anna = hub.golden("erp:contact:erp-anna");
        var bolt = hub.golden("crm:account:crm-bolt").id();
        hub.stewardship.giveValue(anna.id(), anna.revision(), "account", bolt, LifeCycle.FOREVER, null, null, "me");
        hub.settle();
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isNull();
        hub.accounts("erp").edit("erp-bolt", BOLT);
        hub.settle();
        assertThat(hub.contacts("erp").value("erp-anna", "account")).isEqualTo("erp-bolt");
    }

    @Test
    @DisplayName("A golden knows who refers to it")
    void whoRefersToAGolden() {
        accountsEverywhere();
        annaEverywhere("acme");
        var acme = hub.golden("crm:account:crm-acme").id();
        var anna = hub.golden("crm:contact:crm-anna").id();
        List<Referrer> referrers = hub.store.read(tx -> tx.references().referrers(acme, "", 10));
        assertThat(referrers).containsExactly(new Referrer(anna, List.of("account")));
        Set<RecordKey> children =
                hub.store.read(tx -> tx.references().to(List.of(RecordKey.parse("erp:account:erp-acme"))));
        assertThat(children).containsExactly(RecordKey.parse("erp:contact:erp-anna"));
    }
}
