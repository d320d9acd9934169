package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.config.SchemaAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Systems whose schemas change while edits flow: only the field stands still, and nothing is lost. On both stores. */
abstract class SchemaContract {
    private static final SchemaAnswer.MapTo SEGMENT =
            new SchemaAnswer.MapTo("tier", AttributeType.TEXT, List.of(), null);

    private SchemaLife hub;
    private SimulatedSystem crm;
    private SimulatedSystem erp;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoSystems() {
        hub = new SchemaLife(emptyStore(), "crm", "erp");
        crm = hub.system("crm");
        erp = hub.system("erp");
        for (var name : List.of("anna", "bert", "cleo", "dora")) {
            crm.edit(name, person(name));
            erp.edit(name, person(name));
        }
        hub.settle();
    }

    private static Map<String, Object> person(String name) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("first", name);
        fields.put("last", "Kowalski-" + name);
        fields.put("email", name + "@acme.example");
        fields.put("phone", null);
        fields.put("city", "Gdansk " + name);
        return fields;
    }

    private static FieldDef text(String name) {
        return SimulatedSystem.field(name, FieldType.STRING, true, List.of());
    }

    private static FieldDef options(String name, String... options) {
        return SimulatedSystem.field(name, FieldType.ENUM, true, List.of(options));
    }

    // SCH-1

    @Test
    @DisplayName(
            "SCH-1: a new field is suggested, and what it holds from first sight on reaches the goldens once it is mapped, "
                    + "without a restart and without reading anything again")
    void aNewFieldIsKeptUntilItIsMapped() {
        crm.put(text("segment"));
        crm.records().replaceAll((id, record) -> {
            var fields = new LinkedHashMap<>(record.fields());
            fields.put("segment", "old of " + id); // filled in by whoever made the field; no record counts as changed
            return new NativeRecord(record.id(), fields, record.modifiedAt(), record.version(), record.modifiedBy());
        });
        hub.later();
        crm.edit("bert", Map.of("segment", "gold"));
        hub.later();
        assertThat(hub.open()).containsExactly("crm.segment NEW");
        assertThat(hub.golden("crm:contact:anna")).doesNotContainKey("tier");
        assertThat(erp.effects).isEmpty();

        crm.forget(); // from here on nothing can be read again
        crm.hidden.addAll(List.of("anna", "bert"));
        hub.answer("segment", SEGMENT);
        hub.settle();
        assertThat(hub.golden("crm:contact:anna")).containsEntry("tier", "old of anna");
        assertThat(hub.golden("crm:contact:bert")).containsEntry("tier", "gold");
        assertThat(hub.open()).isEmpty();
        assertThat(hub.trouble).isEmpty();
    }

    @Test
    @DisplayName("SCH-1: what is mapped flows on both ways and survives a start with the old configuration file")
    void aMappingSurvivesAStart() {
        crm.put(text("segment"));
        erp.put(text("klasse"));
        hub.later();
        hub.answer("segment", SEGMENT);
        hub.answer("klasse", SEGMENT);
        hub.settle();
        crm.edit("anna", Map.of("segment", "gold"));
        hub.settle();
        assertThat(erp.value("anna", "klasse")).isEqualTo("gold");
        hub.start();
        erp.edit("anna", Map.of("klasse", "silver"));
        hub.settle();
        assertThat(crm.value("anna", "segment")).isEqualTo("silver");
        assertThat(hub.open()).isEmpty();
    }

    @Test
    @DisplayName("SCH-1: a mapping that the configuration file changes afterwards follows the file")
    void theFileHasTheLastWord() {
        crm.put(text("segment"));
        hub.later();
        hub.answer("segment", SEGMENT);
        hub.settle();
        hub.configure("crm", SchemaLife.people() + "      segment: {attribute: phone, write: false}\n");
        hub.start();
        var mapping = hub.model.get().system("crm").orElseThrow().streams().get(0);
        assertThat(mapping.fields())
                .filteredOn(field -> field.field().equals("segment"))
                .singleElement()
                .satisfies(field -> assertThat(field.attribute()).isEqualTo("phone"));
    }

    @Test
    @DisplayName("SCH-1: a field that is left unmapped is not asked about again, and can be mapped later all the same")
    void aFieldCanBeLeft() {
        crm.put(text("segment"));
        hub.later();
        hub.answer("segment", new SchemaAnswer.Agree());
        crm.edit("anna", Map.of("segment", "gold"));
        hub.later();
        assertThat(hub.open()).isEmpty();
        hub.map("crm", "segment", SEGMENT);
        hub.settle();
        assertThat(hub.golden("crm:contact:anna")).containsEntry("tier", "gold");
    }

    @Test
    @DisplayName("SCH-1: a field is not mapped to an attribute that is not there, unless its type is said")
    void unknownAttribute() {
        crm.put(text("segment"));
        hub.later();
        assertThatThrownBy(() -> hub.answer("segment", new SchemaAnswer.MapTo("tir", null, List.of(), null)))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNPROCESSABLE))
                .hasMessageContaining("give a type");
        assertThat(hub.open()).containsExactly("crm.segment NEW");
    }

    // SCH-2

    @Test
    @DisplayName(
            "SCH-2: a field that is removed stands still alone: its values stay, nothing is read as empty, the rest flows")
    void aRemovedFieldStandsStillAlone() {
        var city = crm.fields.remove("city");
        crm.edit("anna", Map.of("phone", "+48 58 555 01 01"));
        hub.settle();
        assertThat(hub.open()).containsExactly("crm.city REMOVED");
        assertThat(hub.golden("crm:contact:anna"))
                .containsEntry("city", "Gdansk anna")
                .containsKey("phone");
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        assertThat(erp.value("anna", "city")).isEqualTo("Gdansk anna");

        erp.edit("bert", Map.of("city", "Sopot", "phone", "+48 58 555 02 02"));
        hub.settle();
        assertThat(crm.value("bert", "phone")).isEqualTo("+48 58 555 02 02");
        assertThat(crm.value("bert", "city")).isEqualTo("Gdansk bert");

        crm.edit("cleo", Map.of("city", "Hel")); // while the hub cannot see it
        crm.fields.put("city", city);
        hub.later();
        assertThat(hub.open()).isEmpty();
        assertThat(crm.value("bert", "city")).isEqualTo("Sopot");
        assertThat(erp.value("cleo", "city")).isEqualTo("Hel");
        assertThat(crm.value("cleo", "city")).isEqualTo("Hel");
        assertThat(hub.trouble).isEmpty();
    }

    @Test
    @DisplayName("SCH-2: a field that is hidden without a word is unknown, never empty")
    void aHiddenFieldIsUnknown() {
        crm.drifts = false;
        var city = crm.fields.remove("city");
        crm.edit("anna", Map.of("phone", "+48 58 555 01 01"));
        hub.later();
        assertThat(hub.open()).containsExactly("crm.city REMOVED");
        assertThat(hub.golden("crm:contact:anna")).containsEntry("city", "Gdansk anna");
        assertThat(erp.value("anna", "city")).isEqualTo("Gdansk anna");
        erp.edit("anna", Map.of("city", "Sopot"));
        hub.settle();
        crm.fields.put("city", city);
        hub.later();
        assertThat(crm.value("anna", "city")).isEqualTo("Sopot");
    }

    @Test
    @DisplayName("SCH-2: a field of another type stands still until a person agrees")
    void aRetypedFieldStandsStill() {
        crm.put(SimulatedSystem.field("city", FieldType.INT, true, List.of()));
        hub.later();
        crm.edit("anna", Map.of("city", 7L, "phone", "+48 58 555 01 01"));
        hub.settle();
        assertThat(hub.open()).containsExactly("crm.city RETYPED");
        assertThat(erp.value("anna", "city")).isEqualTo("Gdansk anna");
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        hub.answer("city", new SchemaAnswer.Agree());
        hub.settle();
        assertThat(hub.open()).isEmpty();
        assertThat(erp.value("anna", "city")).isEqualTo("7");
    }

    @Test
    @DisplayName(
            "SCH-2: a field that may not be written any more is still read, and the rest of its records is written")
    void aFieldBecomesReadOnly() {
        crm.fields.put(
                "city",
                new FieldDef("city", FieldType.STRING, false, false, true, false, true, false, null, List.of(), false));
        erp.edit("anna", Map.of("city", "Sopot", "phone", "+48 58 555 01 01"));
        hub.later();
        hub.later();
        assertThat(hub.open()).containsExactly("crm.city WRITABLE_LOST");
        assertThat(crm.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        assertThat(crm.value("anna", "city")).isEqualTo("Gdansk anna");
        crm.put(text("city"));
        hub.later();
        assertThat(crm.value("anna", "city")).isEqualTo("Sopot");
    }

    @Test
    @DisplayName("SCH-2: a field that is gone can be given up; golden values stay")
    void aFieldIsGivenUp() {
        crm.fields.remove("city");
        hub.later();
        hub.answer("city", new SchemaAnswer.Drop());
        hub.start();
        hub.later();
        assertThat(hub.open()).isEmpty();
        assertThat(hub.golden("crm:contact:anna")).containsEntry("city", "Gdansk anna");
        assertThat(hub.trouble).isEmpty();
    }

    // SCH-3

    @Test
    @DisplayName(
            "SCH-3: a rename is offered with the share of values that are the same, one answer goes on, and what was edited "
                    + "on both sides meanwhile is not lost")
    void aRenameIsOffered() {
        crm.rename("city", "town");
        hub.settle();
        crm.edit("anna", Map.of("town", "Hel"));
        erp.edit("bert", Map.of("city", "Sopot"));
        hub.later();
        assertThat(hub.open()).containsExactly("crm.city REMOVED", "crm.town NEW");
        var candidate = hub.item("city").candidates().get(0);
        assertThat(candidate.field()).isEqualTo("town");
        assertThat(candidate.overlap().same()).isEqualTo(3);
        assertThat(candidate.overlap().compared()).isEqualTo(4);
        assertThat(candidate.overlap().suggests()).isTrue();

        hub.answer("city", new SchemaAnswer.RenamedTo("town"));
        hub.settle();
        assertThat(hub.open()).isEmpty();
        assertThat(erp.value("anna", "city")).isEqualTo("Hel");
        assertThat(crm.value("bert", "town")).isEqualTo("Sopot");
        assertThat(hub.golden("crm:contact:cleo")).containsEntry("city", "Gdansk cleo");

        hub.start();
        erp.edit("cleo", Map.of("city", "Gdynia"));
        hub.settle();
        assertThat(crm.value("cleo", "town")).isEqualTo("Gdynia");
        assertThat(hub.trouble).isEmpty();
    }

    // SCH-4

    @Test
    @DisplayName(
            "SCH-4: a new required field holds creates and nothing else, and a constant lets them go by themselves")
    void aRequiredFieldHoldsCreates() {
        erp.put(SimulatedSystem.field("country", FieldType.STRING, false, List.of()));
        crm.edit("emil", person("emil"));
        crm.edit("anna", Map.of("phone", "+48 58 555 01 01"));
        hub.later();
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        assertThat(erp.records()).hasSize(4);
        assertThat(hub.open()).containsExactly("erp.country NEW_REQUIRED");
        assertThat(hub.outbound("erp", OutboundState.HELD)).singleElement().satisfies(held -> assertThat(held.problem())
                .contains("country")
                .contains("page Schema"));
        hub.answer("country", new SchemaAnswer.Constant("PL"));
        hub.settle();
        assertThat(erp.records()).hasSize(5);
        assertThat(erp.records().values())
                .filteredOn(record -> "emil".equals(record.fields().get("first")))
                .singleElement()
                .satisfies(record -> assertThat(record.fields()).containsEntry("country", "PL"));
        assertThat(hub.outbound("erp", OutboundState.HELD)).isEmpty();
    }

    @Test
    @DisplayName("SCH-4: a field that a system demands without having said so is asked about after its first refusal")
    void anUndescribedRequirement() {
        erp.put(text("country"));
        hub.later();
        hub.answer("country", new SchemaAnswer.Agree());
        erp.demands.add("country");
        crm.edit("emil", person("emil"));
        hub.settle();
        assertThat(hub.open()).containsExactly("erp.country NEW_REQUIRED");
        hub.answer("country", new SchemaAnswer.Constant("PL"));
        hub.settle();
        assertThat(erp.records()).hasSize(5);
        assertThat(hub.open()).isEmpty();
    }

    @Test
    @DisplayName(
            "SCH-4: an option that a system does not know holds that attribute alone, and mapping it lets it go by itself")
    void anUnknownOption() {
        crm.put(text("status"));
        erp.put(options("stage", "Lead", "Customer"));
        hub.later();
        hub.answer("status", SEGMENT);
        hub.answer("stage", SEGMENT);
        hub.settle();
        crm.edit("anna", Map.of("status", "Prospect", "phone", "+48 58 555 01 01"));
        crm.edit("bert", Map.of("status", "Customer"));
        crm.edit("emil", with(person("emil"), "status", "Prospect"));
        hub.settle();
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        assertThat(erp.value("anna", "stage")).isNull();
        assertThat(erp.value("bert", "stage")).isEqualTo("Customer");
        assertThat(erp.records()).hasSize(5);
        assertThat(hub.open()).containsExactly("erp.stage OPTION_UNKNOWN");
        assertThat(hub.item("stage").unknown()).containsExactly("Prospect");
        assertThat(hub.outbound("erp", OutboundState.HELD)).hasSize(2).allSatisfy(held -> assertThat(held.problem())
                .contains("stage of erp does not know the value of tier"));
        assertThat(hub.outbound("erp", OutboundState.PARKED)).isEmpty();

        hub.answer("stage", new SchemaAnswer.Options(Map.of("Prospect", "Lead")));
        hub.settle();
        assertThat(erp.value("anna", "stage")).isEqualTo("Lead");
        assertThat(hub.golden("crm:contact:anna")).containsEntry("tier", "Prospect");
        assertThat(crm.value("anna", "status")).isEqualTo("Prospect");
        assertThat(hub.outbound("erp", OutboundState.HELD)).isEmpty();
        assertThat(hub.open()).isEmpty();

        erp.edit("cleo", Map.of("stage", "Lead"));
        hub.settle();
        assertThat(crm.value("cleo", "status")).isEqualTo("Lead");
    }

    private static Map<String, Object> with(Map<String, Object> fields, String field, String value) {
        var all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return all;
    }

    @Test
    @DisplayName("SCH-4: an option that the system gets later lets what was held go by itself")
    void anOptionIsAdded() {
        crm.put(text("status"));
        erp.put(options("stage", "Lead"));
        hub.later();
        hub.answer("status", SEGMENT);
        hub.answer("stage", SEGMENT);
        crm.edit("anna", Map.of("status", "Prospect"));
        hub.settle();
        assertThat(erp.value("anna", "stage")).isNull();
        erp.put(options("stage", "Lead", "Prospect"));
        hub.later();
        assertThat(erp.value("anna", "stage")).isEqualTo("Prospect");
        assertThat(hub.open()).containsExactly("erp.stage OPTIONS_ADDED");
        hub.answer("stage", new SchemaAnswer.Agree());
        assertThat(hub.open()).isEmpty();
    }

    @Test
    @DisplayName("SCH-2: without the field that names creates, creates are held and updates flow")
    void theLinkKeyIsGone() {
        var key = erp.fields.remove(SimulatedSystem.LINK_KEY);
        crm.edit("emil", person("emil"));
        crm.edit("anna", Map.of("phone", "+48 58 555 01 01"));
        hub.later();
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        assertThat(erp.records()).hasSize(4);
        erp.fields.put(SimulatedSystem.LINK_KEY, key);
        hub.later();
        assertThat(erp.records()).hasSize(5);
    }
}
