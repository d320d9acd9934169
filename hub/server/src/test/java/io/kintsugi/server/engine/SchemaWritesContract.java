package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.config.SchemaAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a system does not take any more is held, and goes by itself once it fits. */
abstract class SchemaWritesContract {
    static final SchemaAnswer.MapTo SEGMENT = new SchemaAnswer.MapTo("tier", AttributeType.TEXT, List.of(), null);

    SchemaLife hub;
    SimulatedSystem crm;
    SimulatedSystem erp;

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

    static Map<String, Object> person(String name) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("first", name);
        fields.put("last", "Kowalski-" + name);
        fields.put("email", name + "@acme.example");
        fields.put("phone", null);
        fields.put("city", "Gdansk " + name);
        return fields;
    }

    static FieldDef text(String name) {
        return NativeFields.field(name, FieldType.STRING, true, List.of());
    }

    static FieldDef options(String name, String... options) {
        return NativeFields.field(name, FieldType.ENUM, true, List.of(options));
    }

    @Test
    @DisplayName(
            "SCH-4: a new required field holds creates and nothing else, and a constant lets them go by themselves")
    void aRequiredFieldHoldsCreates() {
        erp.put(NativeFields.field("country", FieldType.STRING, false, List.of()));
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
        erp.schema.demands.add("country");
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
