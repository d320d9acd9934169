package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.config.AnswerVersion;
import io.kintsugi.server.config.SchemaAnswer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Systems whose schemas change while edits flow: only the field stands still, and nothing is lost. On both stores. */
abstract class SchemaContract extends SchemaWritesContract {
    // SCH-1

    @Test
    @DisplayName(
            "SCH-1: a new field is suggested, and what it holds from first sight on reaches the goldens once it is mapped, "
                    + "without a restart and without reading anything again")
    void aNewFieldIsKeptUntilItIsMapped() {
        crm.put(text("segment"));
        crm.rewrite((id, record) -> record.put("segment", "old of " + id)); // by whoever made the field
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
    @DisplayName(
            "SCH-1: what was kept of a field reaches the goldens too if the configuration file maps it at the next start")
    void theFileMapsIt() {
        crm.put(text("segment"));
        hub.later();
        crm.edit("anna", Map.of("segment", "+48 58 555 01 01"));
        hub.settle();
        crm.forget(); // from here on nothing can be read again
        crm.hidden.add("anna");
        hub.configure("crm", SchemaLife.people() + "      segment: {attribute: phone, write: false}\n");
        hub.start();
        hub.settle();
        assertThat(hub.open()).isEmpty();
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
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

    // GOV-1

    @Test
    @DisplayName(
            "GOV-1: a mapping is taken back: the field is asked about again and read no more, nothing of what it holds is lost, "
                    + "and no version is forgotten")
    void aMappingIsTakenBack() {
        crm.put(text("segment"));
        hub.later();
        hub.answer("segment", SEGMENT);
        hub.settle();
        hub.rollBack("crm", 1);
        hub.settle();
        assertThat(hub.open()).containsExactly("crm.segment NEW");
        crm.edit("anna", Map.of("segment", "gold", "phone", "+48 58 555 01 01"));
        hub.settle();
        assertThat(hub.golden("crm:contact:anna")).doesNotContainKey("tier").containsKey("phone");
        hub.start();
        hub.settle();
        assertThat(hub.open()).containsExactly("crm.segment NEW");

        crm.forget(); // what it held meanwhile was kept
        crm.hidden.add("anna");
        hub.rollBack("crm", 2);
        hub.settle();
        assertThat(hub.golden("crm:contact:anna")).containsEntry("tier", "gold");
        assertThat(hub.open()).isEmpty();
        assertThat(hub.versions("crm"))
                .extracting(AnswerVersion::version, AnswerVersion::by, AnswerVersion::says)
                .containsExactly(
                        tuple(4L, "bob", "back to version 2"),
                        tuple(3L, "bob", "back to version 1"),
                        tuple(2L, "ann", "segment mapped to tier"),
                        tuple(1L, "hub", "before any answer"));
        assertThat(hub.trouble).isEmpty();
    }

    @Test
    @DisplayName(
            "GOV-1: a rename is taken back: the field stands still again, and what was edited meanwhile on any side stands after it")
    void aRenameIsTakenBack() {
        crm.rename("city", "town");
        hub.later();
        hub.answer("city", new SchemaAnswer.RenamedTo("town"));
        hub.settle();
        hub.rollBack("crm", 1);
        hub.settle();
        assertThat(hub.open()).containsExactlyInAnyOrder("crm.city REMOVED", "crm.town NEW");
        crm.edit("anna", Map.of("town", "Sopot"));
        erp.edit("bert", Map.of("city", "Hel"));
        hub.settle();
        assertThat(erp.value("anna", "city")).isEqualTo("Gdansk anna");
        assertThat(crm.value("bert", "town")).isEqualTo("Gdansk bert");
        hub.rollBack("crm", 2);
        hub.settle();
        assertThat(erp.value("anna", "city")).isEqualTo("Sopot");
        assertThat(crm.value("bert", "town")).isEqualTo("Hel");
        assertThat(hub.open()).isEmpty();
    }

    @Test
    @DisplayName("GOV-1: that a field was left as it is, or given up, is taken back: it is asked about again")
    void anAgreementIsTakenBack() {
        crm.put(text("segment"));
        crm.fields.remove("city");
        hub.later();
        hub.answer("segment", new SchemaAnswer.Agree());
        hub.answer("city", new SchemaAnswer.Drop());
        hub.settle();
        assertThat(hub.open()).isEmpty();
        hub.rollBack("crm", 2);
        assertThat(hub.open()).containsExactly("crm.city REMOVED");
        hub.rollBack("crm", 1);
        assertThat(hub.open()).containsExactlyInAnyOrder("crm.city REMOVED", "crm.segment NEW");
        hub.settle();
        assertThat(hub.open()).hasSize(2);
    }

    @Test
    @DisplayName(
            "GOV-1: who has not seen the last answer takes nothing back, and there is no version to go to that never was")
    void onlyWhatWasSeenIsTakenBack() {
        crm.put(text("segment"));
        hub.later();
        hub.answer("segment", SEGMENT);
        assertThatThrownBy(() -> hub.rollBack("crm", 1, 1))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.REVISION_CONFLICT));
        assertThatThrownBy(() -> hub.rollBack("crm", 9))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.NOT_FOUND));
        assertThat(hub.open()).isEmpty();
        assertThat(hub.versions("crm")).hasSize(2);
    }

    @Test
    @DisplayName(
            "GOV-1: the dry run of an answer, and of taking it back, tells exactly what is sent then, and sends nothing itself")
    void anAnswerIsForetold() {
        crm.rename("city", "town");
        erp.put(text("klasse"));
        hub.later();
        hub.map("erp", "klasse", SEGMENT);
        crm.put(text("segment"));
        crm.edit("anna", Map.of("town", "Hel"));
        erp.edit("bert", Map.of("city", "Sopot"));
        hub.later();
        crm.edit("cleo", Map.of("segment", "gold"));
        hub.later();
        var segment = hub.item("segment").id();
        var city = hub.item("city").id();
        assertThat(hub.asForetold(answers -> answers.answer(segment, SEGMENT, "ann")))
                .containsExactly("erp UPDATE erp:contact:cleo klasse=gold");
        assertThat(hub.asForetold(answers -> answers.answer(city, new SchemaAnswer.RenamedTo("town"), "ann")))
                .containsExactly("crm UPDATE crm:contact:bert town=Sopot", "erp UPDATE erp:contact:anna city=Hel");
        assertThat(hub.asForetold(answers -> answers.rollBack("crm", SimulatedSystem.STREAM, 1, 3, "bob")))
                .isEmpty();
        crm.edit("dora", Map.of("town", "Reda", "segment", "silver"));
        hub.later();
        assertThat(hub.asForetold(answers -> answers.rollBack("crm", SimulatedSystem.STREAM, 3, 4, "bob")))
                .containsExactly("erp UPDATE erp:contact:dora city=Reda", "erp UPDATE erp:contact:dora klasse=silver");
        assertThat(hub.trouble).isEmpty();
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
        crm.schema.drifts = false;
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
        crm.put(NativeFields.field("city", FieldType.INT, true, List.of()));
        hub.later();
        crm.edit("anna", Map.of("city", 7L, "phone", "+48 58 555 01 01"));
        hub.settle();
        assertThat(hub.open()).containsExactly("crm.city RETYPED");
        assertThat(erp.value("anna", "city")).isEqualTo("Gdansk anna");
        assertThat(erp.value("anna", "phone")).isEqualTo("+48 58 555 01 01");
        var city = hub.item("city").id();
        assertThat(hub.asForetold(answers -> answers.answer(city, new SchemaAnswer.Agree(), "ann")))
                .contains("erp UPDATE erp:contact:anna city=7"); // it was read for that
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
}
