package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names the attributes whose values a comparison reads, so that people see what was written beside what was compared. */
final class ComparedAttributes {
    private static final Set<AttributeType> NAMES = Set.of(
            AttributeType.GIVEN_NAME, AttributeType.MIDDLE_NAME, AttributeType.FAMILY_NAME, AttributeType.FULL_NAME);
    private static final Set<AttributeType> STREETS =
            Set.of(AttributeType.HOUSE_NUMBER, AttributeType.STREET, AttributeType.ADDRESS_LINE, AttributeType.ADDRESS);
    private static final Set<AttributeType> ORGANISATIONS = Set.of(AttributeType.ORGANISATION_NAME);
    private static final Set<AttributeType> TITLES = Set.of(AttributeType.TITLE);

    private static final Map<String, Set<AttributeType>> TYPES = Map.ofEntries(
            Map.entry("givenName", Set.of(AttributeType.GIVEN_NAME, AttributeType.FULL_NAME)),
            Map.entry("familyName", Set.of(AttributeType.FAMILY_NAME, AttributeType.FULL_NAME)),
            Map.entry(
                    "middleName", Set.of(AttributeType.MIDDLE_NAME, AttributeType.GIVEN_NAME, AttributeType.FULL_NAME)),
            Map.entry(
                    "nameSuffix",
                    Set.of(AttributeType.NAME_SUFFIX, AttributeType.FAMILY_NAME, AttributeType.FULL_NAME)),
            Map.entry("nameOrder", NAMES),
            Map.entry("birthDate", Set.of(AttributeType.BIRTH_DATE)),
            Map.entry("gender", Set.of(AttributeType.GENDER)),
            Map.entry("street", STREETS),
            Map.entry("building", STREETS),
            Map.entry(
                    "place",
                    Set.of(
                            AttributeType.CITY,
                            AttributeType.REGION,
                            AttributeType.POSTCODE,
                            AttributeType.COUNTRY,
                            AttributeType.ADDRESS)),
            Map.entry("phone", Set.of(AttributeType.PHONE)),
            Map.entry("email", Set.of(AttributeType.EMAIL)),
            Map.entry("domain", Set.of(AttributeType.DOMAIN)),
            Map.entry("organisationName", ORGANISATIONS),
            Map.entry("legalForm", ORGANISATIONS),
            Map.entry("employer", ORGANISATIONS),
            Map.entry("people", Set.of(AttributeType.PERSON_LIST)),
            Map.entry("title", TITLES),
            Map.entry("modelNumber", TITLES),
            Map.entry("numbers", TITLES));

    private ComparedAttributes() {}

    /** In the order of the type; empty for what compares nothing, such as the prior. */
    static List<String> of(EntityType type, String comparison) {
        var types = TYPES.getOrDefault(comparison, Set.of());
        var read = type.attributes().stream()
                .filter(attribute -> types.contains(attribute.type()))
                .map(Attribute::name)
                .toList();
        if (!read.isEmpty() || type.attribute(comparison).isEmpty()) return read;
        return List.of(comparison); // compared only with itself
    }
}
