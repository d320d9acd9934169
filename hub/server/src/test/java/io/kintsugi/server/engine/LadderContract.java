package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes from a system that cannot remove it: kept among what is deleted, or marked by a field; on the in-memory store and on the
 * graph. The crm deletes, the erp is to delete too, the web stays.
 */
abstract class LadderContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final WhenDeleted MARK = new WhenDeleted("status", "Inactive", "Active");

    private HubUnderTest hub;
    private SimulatedSystem erp;
    private String inErp;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** What a system does instead of removing. */
    enum Way {
        ARCHIVE(Means.ARCHIVE) {
            @Override
            void prepare(HubUnderTest hub) {
                hub.system("erp").archives = true;
                hub.system("erp").undeletes = true;
            }

            @Override
            boolean out(SimulatedSystem erp, String id) {
                return erp.bin.containsKey(id);
            }

            @Override
            void takeOut(SimulatedSystem erp, String id) {
                erp.delete(id);
            }

            @Override
            void bringBack(SimulatedSystem erp, String id) {
                erp.restore(id);
            }

            @Override
            void edit(SimulatedSystem erp, String id, Map<String, Object> fields) {
                erp.editInBin(id, fields);
            }
        },
        FIELD(Means.INACTIVATE) {
            @Override
            void prepare(HubUnderTest hub) {
                hub.system("erp").deletes = false;
                hub.system("erp").put(NativeFields.field("status", FieldType.STRING, true, List.of()));
                hub.marks("erp", MARK);
            }

            @Override
            boolean out(SimulatedSystem erp, String id) {
                return "Inactive".equals(erp.value(id, "status"));
            }

            @Override
            void takeOut(SimulatedSystem erp, String id) {
                erp.edit(id, Map.of("status", "Inactive"));
            }

            @Override
            void bringBack(SimulatedSystem erp, String id) {
                erp.edit(id, Map.of("status", "Active"));
            }

            @Override
            void edit(SimulatedSystem erp, String id, Map<String, Object> fields) {
                erp.edit(id, fields);
            }
        };

        private final Means means;

        Way(Means means) {
            this.means = means;
        }

        abstract void prepare(HubUnderTest hub);

        abstract boolean out(SimulatedSystem erp, String id);

        abstract void takeOut(SimulatedSystem erp, String id);

        abstract void bringBack(SimulatedSystem erp, String id);

        /** A person edits what is out. */
        abstract void edit(SimulatedSystem erp, String id, Map<String, Object> fields);
    }

    private void annaEverywhere(Way way) {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
        erp = hub.system("erp");
        way.prepare(hub);
        var all = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy(
                "contact",
                1,
                DeletePolicy.FLAG_ONLY,
                List.of(new Cell("crm", "erp", all), new Cell("erp", "web", all)),
                Brake.USUAL));
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        inErp = erp.records().keySet().iterator().next();
        if (way == Way.FIELD) erp.edit(inErp, Map.of("status", "VIP"));
        hub.settle();
        erp.effects.clear();
    }

    private void later() {
        hub.settle();
        for (int minutes : List.of(2, 2, 6)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    private Deletion only() {
        return hub.store.read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 9)).items().stream()
                .reduce((one, other) -> {
                    throw new AssertionError("more than one deletion: " + one + other);
                })
                .orElseThrow();
    }

    private Step stepInErp() {
        return only().steps().stream()
                .filter(step -> new RecordKey("erp", "contact", inErp).equals(step.target()))
                .findFirst()
                .orElseThrow();
    }

    private SourceRecord held() {
        var key = new RecordKey("erp", "contact", inErp);
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key);
    }

    private void crmDeletes(Way way) {
        hub.system("crm").delete("1");
        later();
        assertThat(way.out(erp, inErp)).isTrue();
    }

    private void restore() {
        var deletion = only();
        hub.stewardship.restore(deletion.id(), deletion.revision(), "sam");
    }

    private String web() {
        assertThat(hub.system("web").records()).hasSize(1);
        return hub.system("web").records().keySet().iterator().next();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-7: what cannot be removed is archived or marked, and it is recorded which of the two")
    void recordedAsWhatItWas(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        assertThat(erp.effects).hasSize(1);
        assertThat(held().state()).isEqualTo(RecordState.DELETED);
        assertThat(stepInErp().state()).isEqualTo(StepState.DONE);
        assertThat(stepInErp().means()).isEqualTo(way.means);
        assertThat(only().state()).isEqualTo(DeletionState.SETTLED);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-7: what is out is not kept up to date, and not created once more")
    void noLongerALiveOne(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        hub.system("web").edit(web(), Map.of("city", "Gdansk"));
        later();
        assertThat(hub.values("web:contact:" + web())).containsEntry("city", "Gdansk");
        assertThat(erp.effects).as("nothing but the one write").hasSize(1);
        assertThat(erp.records().keySet()).isSubsetOf(inErp);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "DEL-5, SYN-3: the write that takes a record out is no edit and no delete of its system when it is read")
    void noEcho(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        var before = hub.golden("web:contact:" + web());
        erp.hint(inErp);
        erp.repeat(1);
        later();
        assertThat(only().origin().system()).isEqualTo("crm");
        assertThat(hub.system("web").records())
                .as("what erp deletes web deletes")
                .hasSize(1);
        assertThat(hub.golden("web:contact:" + web())).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("SYN-5: a lost reply is looked up, and the record is taken out once")
    void lostReply(Way way) {
        annaEverywhere(way);
        erp.loseReplies = true;
        crmDeletes(way);
        erp.loseReplies = false;
        later();
        assertThat(erp.effects).hasSize(1);
        assertThat(stepInErp().state()).isEqualTo(StepState.DONE);
        assertThat(stepInErp().means()).isEqualTo(way.means);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "SYN-2: a write that arrives after the hub was killed has taken the record out, and what it had is known")
    void killed(Way way) {
        annaEverywhere(way);
        erp.fault = op -> new WriteResult.Ambiguous(op.opId(), "no reply within the deadline");
        hub.system("crm").delete("1");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(2));
        hub.settle();
        hub.restart();
        way.takeOut(erp, inErp);
        erp.fault = op -> null;
        later();
        assertThat(erp.effects).isEmpty();
        assertThat(held().state()).isEqualTo(RecordState.DELETED);
        assertThat(stepInErp().state()).isEqualTo(StepState.DONE);
        restore();
        later();
        assertThat(erp.records().keySet()).containsExactly(inErp);
        if (way == Way.FIELD) assertThat(erp.value(inErp, "status")).isEqualTo("VIP");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-10: a restore brings the record back with its id and what its field said before")
    void restored(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        hub.system("web").edit(web(), Map.of("city", "Gdansk"));
        later();
        restore();
        later();
        assertThat(way.out(erp, inErp)).isFalse();
        assertThat(erp.records().keySet()).containsExactly(inErp);
        if (way == Way.FIELD) assertThat(erp.value(inErp, "status")).isEqualTo("VIP");
        assertThat(held().state()).isEqualTo(RecordState.LIVE);
        assertThat(erp.value(inErp, "city")).as("brought up to date").isEqualTo("Gdansk");
        assertThat(only().state()).isEqualTo(DeletionState.SETTLED);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-10, SYN-5: a restore whose reply is lost is looked up, and nothing is created beside it")
    void restoredUnheard(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        erp.effects.clear();
        erp.loseReplies = true;
        restore();
        later();
        erp.loseReplies = false;
        later();
        assertThat(erp.effects).noneMatch(WriteOp.Create.class::isInstance);
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(way.out(erp, inErp)).isFalse();
        assertThat(held().state()).isEqualTo(RecordState.LIVE);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-10: what people edit in a record that is out counts nowhere until it is back, and then as theirs")
    void editedWhileOut(Way way) {
        annaEverywhere(way);
        crmDeletes(way);
        way.edit(erp, inErp, Map.of("city", "Lodz"));
        later();
        assertThat(hub.values("web:contact:" + web())).doesNotContainKey("city");
        restore();
        later();
        assertThat(erp.value(inErp, "city")).isEqualTo("Lodz");
        assertThat(hub.values("web:contact:" + web())).containsEntry("city", "Lodz");
        assertThat(hub.system("web").value(web(), "city")).isEqualTo("Lodz");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-7: a record that people bring back themselves is part of its golden record again")
    void broughtBackByPeople(Way way) {
        annaEverywhere(way);
        var golden = hub.golden("web:contact:" + web()).id();
        crmDeletes(way);
        way.bringBack(erp, inErp);
        later();
        assertThat(held().state()).isEqualTo(RecordState.LIVE);
        assertThat(hub.golden("erp:contact:" + inErp).id()).isEqualTo(golden);
        assertThat(way.out(erp, inErp)).isFalse();
        hub.system("web").edit(web(), Map.of("city", "Gdansk"));
        later();
        assertThat(erp.value(inErp, "city")).isEqualTo("Gdansk");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-1: a record that people take out there is deleted there, and the policy of that system follows")
    void takenOutByPeople(Way way) {
        annaEverywhere(way);
        way.takeOut(erp, inErp);
        later();
        assertThat(only().origin()).isEqualTo(new RecordKey("erp", "contact", inErp));
        assertThat(hub.system("web").records()).isEmpty();
        assertThat(hub.system("crm").records()).hasSize(1);
        restore();
        later();
        assertThat(way.out(erp, inErp)).isFalse();
        assertThat(erp.records().keySet()).containsExactly(inErp);
        if (way == Way.FIELD)
            assertThat(erp.value(inErp, "status"))
                    .as("what it was is not known")
                    .isEqualTo("Active");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DEL-9: what somebody edits in the last moment is not taken out unseen")
    void editedInTheLastMoment(Way way) {
        annaEverywhere(way);
        hub.system("crm").delete("1");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(2));
        hub.takeIn();
        erp.edit(inErp, Map.of("phone", "+1 415 555 0134"));
        hub.send("erp");
        assertThat(way.out(erp, inErp)).isFalse();
        later();
        assertThat(stepInErp().state()).isEqualTo(StepState.ASKED);
        assertThat(way.out(erp, inErp)).isFalse();
    }

    @Test
    @DisplayName("DEL-7: where a system can delete, nothing is marked, and a mark in it means nothing")
    void deletesWhereItCan() {
        annaEverywhere(Way.FIELD);
        erp.deletes = true;
        hub.marks("erp", MARK);
        erp.edit(inErp, Map.of("status", "Inactive"));
        later();
        assertThat(held().state()).isEqualTo(RecordState.LIVE);
        hub.system("crm").delete("1");
        later();
        assertThat(erp.records()).isEmpty();
        assertThat(stepInErp().means()).isEqualTo(Means.DELETE);
    }

    @Test
    @DisplayName("DEL-7: a field of another type takes the mark as such, and a task is left where nothing is offered")
    void yesAndNo() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
        erp = hub.system("erp");
        erp.deletes = false;
        erp.put(NativeFields.field("active", FieldType.BOOL, true, List.of()));
        hub.marks("erp", new WhenDeleted("active", "false", "true"));
        var all = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy("contact", 1, all, List.of(), Brake.USUAL));
        hub.system("web").deletes = false;
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        inErp = erp.records().keySet().iterator().next();
        erp.edit(inErp, Map.of("active", true));
        hub.settle();
        hub.system("crm").delete("1");
        later();
        assertThat(erp.value(inErp, "active")).isEqualTo(false);
        assertThat(only().steps()).extracting(Step::means).containsExactly(Means.INACTIVATE, Means.BY_HAND);
        assertThat(hub.store
                        .read(tx -> tx.outbox().list("web", OutboundState.PARKED, null, 9))
                        .items())
                .hasSize(1);
        restore();
        later();
        assertThat(erp.value(inErp, "active")).isEqualTo(true);
    }
}
