package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.config.ModelStore.Documents;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PolicyWarningsTest {
    private static final Map<String, String> SYSTEMS =
            Map.of("crm", system("email, city: city"), "erp", system("email"));

    private static String system(String attribute) {
        return """
                label: The one
                connector: file
                settings: {folder: /nowhere}
                streams:
                  people: {entity: contact, fields: {mail: %s}}
                """.formatted(attribute);
    }

    private static List<String> warnings(String kind, String body, Map<String, String> systems) {
        return PolicyWarnings.of(
                ModelStore.ofNew(new Documents(Map.of("system", systems, kind, Map.of("contact", body)))));
    }

    private static List<String> authority(String body) {
        return warnings("authority", body, SYSTEMS);
    }

    @Test
    @DisplayName(
            "DA-7: every system that an authority policy names and the hub has not is said, with its place and the nearest name")
    void systemsThatAreNotThere() {
        assertThat(authority("""
                        default: {strategy: system_rank, ranking: [crn, erp]}
                        email: {strategy: trust, trust: {epr: {max: 9}, others: {max: 1}}, writeTo: {shop: never}}
                        city:
                          - {when: {email: x}, strategy: latest}
                          - {strategy: latest, only: {system: {not: [cmr, crm]}}}
                        """))
                .containsExactly(
                        "authority.contact.city[1].only: the hub has no system \"cmr\"; did you mean \"crm\"?",
                        "authority.contact.default.ranking: the hub has no system \"crn\"; did you mean \"crm\"?",
                        "authority.contact.email.trust: the hub has no system \"epr\"; did you mean \"erp\"?",
                        "authority.contact.email.writeTo: the hub has no system \"shop\"; it knows crm, erp");
    }

    @Test
    void attributesThatNoSystemGivesAreSaidUnlessOnlyAStewardGivesThem() {
        assertThat(authority("""
                        groups: {home: [street, city]}
                        home: {strategy: latest}
                        phone: {strategy: longest}
                        jobTitle: {strategy: steward_only}
                        email: {strategy: latest}
                        """))
                .containsExactly(
                        "authority.contact.groups.home: no stream is mapped to street of contact, so no system gives it",
                        "authority.contact.phone: no stream is mapped to phone of contact, so no system gives it");
        assertThat(warnings("authority", "phone: {strategy: longest}", Map.of()))
                .as("a hub without systems is at its beginning")
                .isEmpty();
    }

    @Test
    void deletesAreWarnedOfInTheSameWay() {
        assertThat(warnings("deletes", "matrix: [{from: crmm, to: erp, action: review}]", SYSTEMS))
                .containsExactly("deletes.contact.matrix[0]: the hub has no system \"crmm\"; did you mean \"crm\"?");
    }
}
