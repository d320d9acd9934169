package io.kintsugi.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReferentsTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("email", AttributeType.EMAIL, null),
                    new Attribute("account", AttributeType.REFERENCE, null, "account")));

    private static final RecordKey ACME = RecordKey.parse("crm:account:0031");

    private static SourceRecord contact(Map<String, String> attributes, Map<String, AttributeState> states) {
        return SourceRecord.observed(RecordKey.parse("crm:contact:1"), "contacts", attributes, T0, T0, "1")
                .withStates(states);
    }

    private static Referents knowing(Map<RecordKey, String> goldenOf) {
        return Referents.of(CONTACT, goldenOf, Map.of("G2", "G1"));
    }

    @Test
    @DisplayName("SYN-12: in golden terms a reference is the id of the golden behind the native id")
    void aReferenceIsTheGoldenBehindIt() {
        var record = contact(Map.of("email", "a@b.example", "account", "0031"), Map.of());
        assertThat(Referents.named(CONTACT, List.of(record))).containsExactly(ACME);
        var terms = knowing(Map.of(ACME, "G1")).inGoldenTerms(record);
        assertThat(terms.attributes()).containsEntry("account", "G1").containsEntry("email", "a@b.example");
        assertThat(terms.states()).isEmpty();
        assertThat(record.attributes()).containsEntry("account", "0031");
    }

    @Test
    @DisplayName("R9: a reference to a record that is not known is unknown and on hold; nothing else of the record is")
    void anUnknownParentIsOnHold() {
        var record = contact(Map.of("email", "a@b.example", "account", "0099"), Map.of());
        var terms = knowing(Map.of(ACME, "G1")).inGoldenTerms(record);
        assertThat(terms.attributes()).containsOnlyKeys("email");
        assertThat(terms.states()).containsOnlyKeys("account");
        assertThat(terms.states().get("account").unresolved()).isTrue();
    }

    @Test
    void aHoldThatIsThereStays() {
        var state = AttributeState.original(T0, 3).withHold(AttributeState.FOREIGN);
        var terms = knowing(Map.of()).inGoldenTerms(contact(Map.of("account", "0099"), Map.of("account", state)));
        assertThat(terms.states().get("account").foreign()).isTrue();
    }

    @Test
    void anEmptyReferenceIsKnownToBeEmpty() {
        var terms = knowing(Map.of()).inGoldenTerms(contact(Map.of("account", ""), Map.of()));
        assertThat(terms.attributes()).containsEntry("account", "");
        assertThat(terms.states()).isEmpty();
    }

    @Test
    void whatTheHubWroteOverIsInGoldenTermsToo() {
        var other = RecordKey.parse("crm:account:0032");
        var state = new AttributeState(T0, 5, true, true, "0032", T0, null);
        var record = contact(Map.of("account", "0031"), Map.of("account", state));
        assertThat(Referents.named(CONTACT, List.of(record))).containsExactly(ACME, other);
        var terms = knowing(Map.of(ACME, "G1", other, "G7")).inGoldenTerms(record);
        assertThat(terms.value("account")).isEqualTo("G1");
        assertThat(terms.states().get("account").original()).isEqualTo("G7");
        var less = knowing(Map.of(ACME, "G1")).inGoldenTerms(record).states().get("account");
        assertThat(less.original()).isNull();
        assertThat(less.copied()).isTrue();
    }

    @Test
    @DisplayName("R9: what a system had said before a merge that was undone is unknown, not empty, while its record is")
    void aRecalledReferenceThatIsUnknownIsOnHold() {
        var state = new AttributeState(T0, 0, true, true, "0099", T0, null);
        var record = contact(Map.of("account", "0031"), Map.of("account", state));
        var terms = knowing(Map.of(ACME, "G1")).inGoldenTerms(record);
        assertThat(terms.attributes()).doesNotContainKey("account");
        assertThat(terms.states().get("account").unresolved()).isTrue();
        assertThat(terms.states().get("account").recalled()).isFalse();
    }

    @Test
    void aRetiredGoldenLeadsToItsSurvivor() {
        var referents = knowing(Map.of());
        assertThat(referents.current("account", "G2")).isEqualTo("G1");
        assertThat(referents.current("account", "G9")).isEqualTo("G9");
        assertThat(referents.current("email", "G2")).isEqualTo("G2");
        assertThat(Referents.NONE.current("account", "G2")).isEqualTo("G2");
    }

    @Test
    void aReferenceSaysWhereItLeadsAndNothingElseDoes() {
        assertThatThrownBy(() -> new Attribute("account", AttributeType.REFERENCE, null))
                .hasMessageContaining("account is a reference and does not say to which entity type");
        assertThatThrownBy(() -> new Attribute("city", AttributeType.CITY, null, "account"))
                .hasMessageContaining("city is no reference");
    }
}
