package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes profiles of one entity type. Where a type of attribute occurs more than once, the first of each kind belong together, then
 * the second: a second street goes with the second city.
 */
final class Standardiser {
    private static final Set<AttributeType> SLOTS = Set.of(
            AttributeType.IDENTIFIER,
            AttributeType.PARTIAL_IDENTIFIER,
            AttributeType.YEAR,
            AttributeType.DATE,
            AttributeType.NUMBER,
            AttributeType.CATEGORY);

    private final Map<AttributeType, List<String>> names = new EnumMap<>(AttributeType.class);
    private final List<Attribute> slots;
    private final List<Attribute> texts;

    Standardiser(EntityType type) {
        for (var attribute : type.attributes()) {
            names.computeIfAbsent(attribute.type(), t -> new ArrayList<>()).add(attribute.name());
        }
        slots = type.attributes().stream().filter(a -> SLOTS.contains(a.type())).toList();
        texts = type.attributes().stream()
                .filter(a -> a.type() == AttributeType.TEXT)
                .toList();
    }

    /** Attributes that are compared only with themselves, in the order of {@link Profile#slots}. */
    List<Attribute> slots() {
        return slots;
    }

    /** Attributes of any text, in the order of {@link Profile#texts}. */
    List<Attribute> texts() {
        return texts;
    }

    /** Whether values of a type are to be those of one thing alone. */
    static boolean identifies(AttributeType type) {
        return type == AttributeType.IDENTIFIER;
    }

    Profile profile(RecordKey key, Map<String, String> values) {
        return new Profile(
                key,
                personNames(values),
                all(values, AttributeType.ORGANISATION_NAME, OrganisationName::of)
                        .toArray(OrganisationName[]::new),
                all(values, AttributeType.BIRTH_DATE, raw -> zeroIsNull(Day.of(raw))).stream()
                        .mapToInt(Integer::intValue)
                        .distinct()
                        .toArray(),
                gender(values),
                all(values, AttributeType.EMAIL, Email::of).stream().distinct().toArray(Email[]::new),
                Text.distinct(all(values, AttributeType.PHONE, Phone::digits).toArray(String[]::new)),
                addresses(values),
                Text.distinct(
                        all(values, AttributeType.DOMAIN, Standardiser::domain).toArray(String[]::new)),
                all(values, AttributeType.TITLE, Title::of).toArray(Title[]::new),
                Text.distinct(all(values, AttributeType.TITLE, Models::of).stream()
                        .flatMap(Arrays::stream)
                        .toArray(String[]::new)),
                people(values),
                slots.isEmpty()
                        ? Text.NONE
                        : slots.stream()
                                .map(a -> slot(a.type(), values.get(a.name())))
                                .toArray(String[]::new),
                texts.isEmpty()
                        ? Profile.NO_TITLES
                        : texts.stream()
                                .map(a -> Title.of(values.get(a.name())))
                                .toArray(Title[]::new),
                null,
                false);
    }

    private PersonName[] personNames(Map<String, String> values) {
        var found = new ArrayList<PersonName>();
        for (int i = 0; i < sets(AttributeType.GIVEN_NAME, AttributeType.FAMILY_NAME); i++) {
            found.add(PersonName.of(
                    value(values, AttributeType.GIVEN_NAME, i),
                    value(values, AttributeType.MIDDLE_NAME, i),
                    value(values, AttributeType.FAMILY_NAME, i),
                    value(values, AttributeType.NAME_SUFFIX, i)));
        }
        found.addAll(all(values, AttributeType.FULL_NAME, PersonName::ofFull));
        return found.stream().filter(Objects::nonNull).toArray(PersonName[]::new);
    }

    private Address[] addresses(Map<String, String> values) {
        var found = new ArrayList<Address>();
        int sets = Math.max(
                sets(AttributeType.STREET, AttributeType.CITY, AttributeType.POSTCODE, AttributeType.REGION),
                sets(AttributeType.HOUSE_NUMBER, AttributeType.ADDRESS_LINE));
        for (int i = 0; i < sets; i++) {
            var city = value(values, AttributeType.CITY, i);
            var postcode = value(values, AttributeType.POSTCODE, i);
            found.add(Address.of(
                    value(values, AttributeType.HOUSE_NUMBER, i),
                    value(values, AttributeType.STREET, i),
                    value(values, AttributeType.ADDRESS_LINE, i),
                    city,
                    value(values, AttributeType.REGION, i),
                    postcode,
                    city.isBlank() && postcode.isBlank()));
        }
        for (var whole : all(values, AttributeType.ADDRESS, raw -> raw)) {
            found.add(Address.of("", whole, "", "", "", "", true));
        }
        return found.stream().filter(Objects::nonNull).toArray(Address[]::new);
    }

    private PersonName[] people(Map<String, String> values) {
        var found = new ArrayList<PersonName>();
        for (var list : all(values, AttributeType.PERSON_LIST, raw -> raw)) {
            for (var part : Text.people(list)) {
                var name = PersonName.ofFull(part);
                if (name != null && found.size() < 64) found.add(name);
            }
        }
        return found.toArray(PersonName[]::new);
    }

    private char gender(Map<String, String> values) {
        for (var raw : all(values, AttributeType.GENDER, Text::fold)) {
            switch (raw) {
                case "m", "male", "man", "masculine", "herr", "mr" -> {
                    return 'm';
                }
                case "f", "w", "female", "woman", "feminine", "weiblich", "frau", "mrs", "ms" -> {
                    return 'f';
                }
                default -> {}
            }
        }
        return 0;
    }

    private static String slot(AttributeType type, String raw) {
        if (raw == null || raw.isBlank()) return null;
        return switch (type) {
            case IDENTIFIER, PARTIAL_IDENTIFIER -> {
                var compact = Text.compact(Text.meaningful(raw));
                var significant = compact.replaceFirst("^0+(?=.)", "");
                yield compact.isEmpty() || Text.isFiller(compact) || significant.equals("0") ? null : compact;
            }
            case YEAR -> {
                int day = Day.of(raw);
                yield day == 0 ? null : Integer.toString(Day.year(day));
            }
            case DATE -> {
                int day = Day.of(raw);
                yield day == 0 ? null : Integer.toString(day);
            }
            case NUMBER -> {
                var digits = raw.replaceAll("[^0-9.]", "");
                yield digits.isEmpty()
                                || digits.length() > 18
                                || digits.indexOf('.') != digits.lastIndexOf('.')
                                || digits.equals(".")
                        ? null
                        : digits;
            }
            default -> {
                var folded = Text.meaningful(raw);
                yield folded.isEmpty() ? null : folded;
            }
        };
    }

    /** "https://www.acme.com/about" is acme.com; null for free-mail domains, which are nobody's own. */
    private static String domain(String raw) {
        var text = Text.visible(raw).trim().toLowerCase(Locale.ROOT);
        int scheme = text.indexOf("://");
        if (scheme >= 0) text = text.substring(scheme + 3);
        int end = 0;
        while (end < text.length() && "/?#: ".indexOf(text.charAt(end)) < 0) end++;
        text = text.substring(0, end);
        if (text.startsWith("www.")) text = text.substring(4);
        return text.indexOf('.') < 1 || Email.isFree(text) || Email.isNowhere(text) ? null : text;
    }

    private static Integer zeroIsNull(int day) {
        return day == 0 ? null : day;
    }

    private int sets(AttributeType... types) {
        int sets = 0;
        for (var type : types)
            sets = Math.max(sets, names.getOrDefault(type, List.of()).size());
        return sets;
    }

    private String value(Map<String, String> values, AttributeType type, int i) {
        var attributes = names.getOrDefault(type, List.of());
        var value = i < attributes.size() ? values.get(attributes.get(i)) : null;
        return value == null ? "" : value;
    }

    private <T> List<T> all(Map<String, String> values, AttributeType type, Function<String, T> standard) {
        var attributes = names.get(type);
        if (attributes == null) return List.of();
        var found = new ArrayList<T>(attributes.size());
        for (var attribute : attributes) {
            var raw = values.get(attribute);
            if (raw == null || raw.isBlank()) continue;
            var value = standard.apply(raw);
            if (value != null) found.add(value);
        }
        return found;
    }
}
