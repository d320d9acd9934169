package io.kintsugi.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.EntityType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchRulesReaderTest {
    private static final MatchRules PERSONS = MatchRulesReader.shipped(EntityType.Kind.PERSON);

    @ParameterizedTest
    @EnumSource
    void everyKindHasADocument(EntityType.Kind kind) {
        var rules = MatchRulesReader.shipped(kind);
        assertThat(rules.version()).isPositive();
        assertThat(rules.comparisons()).containsKeys("familyName", "organisationName", "title", "identifier", "text");
        assertThat(rules.keys()).isNotEmpty();
    }

    @Test
    void whatADocumentDoesNotSayStays() {
        var rules = read(Map.of("comparisons", Map.of("phone", Map.of("same", Map.of("m", 0.4)))));
        var phone = rules.comparison("phone").orElseThrow();
        assertThat(phone.levels().get(0).m()).isEqualTo(0.4);
        assertThat(phone.levels().get(0).u())
                .isEqualTo(PERSONS.comparison("phone")
                        .orElseThrow()
                        .levels()
                        .get(0)
                        .u());
        assertThat(rules.comparisons().get("email"))
                .isEqualTo(PERSONS.comparisons().get("email"));
        assertThat(rules.conditions()).isEqualTo(PERSONS.conditions());
    }

    @Test
    void oneAttributeStartsFromTheWeightsOfItsKind() {
        var rules = read(Map.of("comparisons", Map.of("category.segment", Map.of("different", Map.of("m", 0.05)))));
        assertThat(rules.comparison("category.segment").orElseThrow().levels()).hasSize(3);
        assertThat(rules.comparisons().get("category"))
                .isEqualTo(PERSONS.comparisons().get("category"));
    }

    @Test
    void aConditionWithoutContentIsTakenOut() {
        var conditions = new java.util.HashMap<String, Object>();
        conditions.put("other generation", null);
        assertThat(read(Map.of("conditions", conditions)).conditions()).isEmpty();
    }

    @Test
    void everyMistakeIsToldWithItsPath() {
        refuses(Map.of("comparison", Map.of()), "matching.contact.rules has an unknown key \"comparison\"");
        refuses(
                Map.of("comparisons", Map.of("phones", Map.of("same", Map.of("m", 0.4, "u", 0.1)))),
                "matching.contact.rules.comparisons.phones is no comparison; there are givenName, ");
        refuses(
                Map.of("comparisons", Map.of("phone", Map.of("equal", Map.of("m", 0.4, "u", 0.1)))),
                "matching.contact.rules.comparisons.phone.equal is no level; there are same, ");
        refuses(
                Map.of("keys", Map.of("mailbx", 0)),
                "matching.contact.rules.keys.mailbx is no kind of key; there are name, ");
        refuses(
                Map.of("comparisons", Map.of("phone", Map.of("same", Map.of("m", 3)))),
                "matching.contact.rules.comparisons.phone.same: level same: m must be above 0 and at most 1, not 3.0");
        refuses(
                Map.of("comparisons", Map.of("phone", Map.of("same", Map.of("m", "much")))),
                "matching.contact.rules.comparisons.phone.same.m must be a number, not \"much\"");
        refuses(
                Map.of("comparisons", Map.of("phone", Map.of("different", Map.of("m", 0.9)))),
                "comparison phone: the m of its levels sum to");
        refuses(
                Map.of("conditions", Map.of("x", Map.of("when", Map.of("fone", List.of("same")), "atMost", 0))),
                "matching.contact.rules.conditions.x.when names no comparison: \"fone\"");
        refuses(
                Map.of("conditions", Map.of("x", Map.of("when", Map.of("phone", List.of("equal")), "atMost", 0))),
                "matching.contact.rules.conditions.x.when.phone names no level: \"equal\"");
        refuses(Map.of("keys", Map.of("phone", 1)), "matching.contact.rules.keys.phone: key phone: cap must be 0 or");
        refuses(Map.of("thresholds", Map.of("review", 9)), "thresholds: review 9.0 is above auto 1.0");
    }

    private static void refuses(Map<?, ?> document, String message) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static MatchRules read(Map<?, ?> document) {
        return MatchRulesReader.read("matching.contact.rules", document, PERSONS);
    }
}
