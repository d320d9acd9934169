package io.kintsugi.core.match;

import io.kintsugi.core.match.ValueCounts.Of;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Knows how common the values of some data are, and gives profiles the weights that follow. Values that far too many different things
 * hold are generic: they are no evidence and no key. Immutable and thread-safe; does not depend on the order of the records.
 */
public final class Counted {
    private static final int FEWEST_HOLDERS = 12; // fewer may all be duplicates
    private static final int FEWEST_NAMES = 8;
    private static final double TABLE_RECORDS = 1_000; // what the shipped tables of names weigh
    private static final double RAREST = 13;
    private static final double REPEATS = 0.7; // how far repeats of a whole text count as different things that have it

    /**
     * A value that says nothing.
     *
     * @param what what it is a value of, for example {@code phone}
     * @param records how many hold it
     */
    public record Generic(String what, String value, int records) {}

    private final ValueCounts counts;
    private final Set<Long> generic = new HashSet<>();
    private final List<Generic> list;

    /** @param profiles as {@link Matcher#profile} made them */
    public Counted(Matcher matcher, Collection<Profile> profiles) {
        counts = ValueCounts.of(profiles);
        list = findGeneric(matcher, profiles);
    }

    /** Generic values that were found, commonest first. */
    public List<Generic> generic() {
        return list;
    }

    /** The same profile without generic values and with counted weights. */
    public Profile weigh(Profile p) {
        return new Profile(
                p.key,
                map(p.names, this::name),
                map(
                        p.organisations,
                        name -> new OrganisationName(
                                text(name.base(), Of.ORGANISATION, Of.ORGANISATION_WORD, 0), name.legalForm())),
                births(p),
                p.gender,
                telling(Of.EMAIL, p.emails, Email[]::new),
                telling(Of.PHONE, p.phones, String[]::new),
                p.addresses,
                telling(Of.DOMAIN, p.domains, String[]::new),
                map(p.titles, title -> text(title, Of.TITLE, Of.TITLE_WORD, 0)),
                p.models,
                p.people,
                slots(p),
                texts(p),
                slotBits(p),
                p.skipped);
    }

    private int[] births(Profile p) {
        if (generic.isEmpty()) return p.births;
        return Arrays.stream(p.births)
                .filter(birth -> !isGeneric(Of.BIRTH, 0, Integer.toString(birth)))
                .toArray();
    }

    /** Those that are not generic. */
    private <T> T[] telling(Of kind, T[] values, IntFunction<T[]> array) {
        if (values.length == 0 || generic.isEmpty()) return values;
        return Arrays.stream(values)
                .filter(value -> !isGeneric(kind, 0, value.toString()))
                .toArray(array);
    }

    private PersonName name(PersonName name) {
        return name.counted(
                nameBits(Of.GIVEN, name.given(), NameTable.givenBits(name.given())),
                nameBits(Of.FAMILY, name.family(), NameTable.familyBits(name.family())));
    }

    private double nameBits(Of kind, String name, double tableBits) {
        if (name.isEmpty()) return tableBits;
        double share = (counts.of(kind, name) - 1 + TABLE_RECORDS * Math.pow(2, -tableBits))
                / (counts.records() + TABLE_RECORDS);
        return Math.min(RAREST, -log2(share));
    }

    private Title text(Title title, Of whole, Of word, int position) {
        if (title == null) return null;
        int holders = counts.of(whole, position, title.compact());
        double most = holders <= 2 ? Double.POSITIVE_INFINITY : log2(counts.records()) - REPEATS * log2(holders - 1.0);
        return title.counted(w -> counts.bits(word, position, w), most);
    }

    private Title[] texts(Profile p) {
        if (p.texts.length == 0) return p.texts;
        var texts = new Title[p.texts.length];
        for (int i = 0; i < texts.length; i++) texts[i] = text(p.texts[i], Of.TEXT, Of.TEXT_WORD, i);
        return texts;
    }

    private String[] slots(Profile p) {
        if (p.slots.length == 0) return p.slots;
        var slots = p.slots.clone();
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] != null && isGeneric(Of.SLOT, i, slots[i])) slots[i] = null;
        }
        return slots;
    }

    private float[] slotBits(Profile p) {
        if (p.slots.length == 0) return null;
        var bits = new float[p.slots.length];
        for (int i = 0; i < bits.length; i++) {
            if (p.slots[i] != null) bits[i] = (float) counts.bits(Of.SLOT, i, p.slots[i]);
        }
        return bits;
    }

    private boolean isGeneric(Of kind, int position, String value) {
        return !generic.isEmpty() && generic.contains(ValueCounts.hash(kind, position, value));
    }

    /** Looks at values held by many, and asks whether their holders are many different things. */
    private List<Generic> findGeneric(Matcher matcher, Collection<Profile> profiles) {
        int birthdays = FEWEST_HOLDERS + counts.records() / 300;
        Map<String, Set<String>> namesOf = new HashMap<>(); // by what and value
        Map<String, Generic> suspects = new TreeMap<>();
        Map<String, Long> hashes = new HashMap<>();
        for (var p : profiles) {
            var name = nameOf(p);
            for (var phone : p.phones)
                suspect(suspects, hashes, namesOf, Of.PHONE, 0, "phone", phone, name, FEWEST_HOLDERS);
            for (var email : p.emails) {
                suspect(suspects, hashes, namesOf, Of.EMAIL, 0, "email", email.toString(), name, FEWEST_HOLDERS);
            }
            for (var domain : p.domains)
                suspect(suspects, hashes, namesOf, Of.DOMAIN, 0, "domain", domain, name, FEWEST_HOLDERS);
            for (int birth : p.births) {
                suspect(suspects, hashes, namesOf, Of.BIRTH, 0, "birthDate", Integer.toString(birth), name, birthdays);
            }
            for (int i = 0; i < p.slots.length; i++) {
                var slot = matcher.standardiser().slots().get(i);
                if (p.slots[i] == null || !Standardiser.identifies(slot.type())) continue;
                suspect(suspects, hashes, namesOf, Of.SLOT, i, slot.name(), p.slots[i], name, FEWEST_HOLDERS);
            }
        }
        var found = new ArrayList<Generic>();
        suspects.forEach((key, suspect) -> {
            int names = namesOf.get(key).size();
            if (names < FEWEST_NAMES || names * 3 < Math.min(suspect.records(), 60)) return;
            generic.add(hashes.get(key));
            found.add(suspect);
        });
        found.sort(Comparator.comparingInt(Generic::records)
                .reversed()
                .thenComparing(Generic::what)
                .thenComparing(Generic::value));
        return List.copyOf(found);
    }

    private void suspect(
            Map<String, Generic> suspects,
            Map<String, Long> hashes,
            Map<String, Set<String>> namesOf,
            Of kind,
            int position,
            String what,
            String value,
            String name,
            int fewest) {
        int holders = counts.of(kind, position, value);
        if (holders < fewest) return;
        var key = what + '\n' + value;
        suspects.putIfAbsent(key, new Generic(what, value, holders));
        hashes.putIfAbsent(key, ValueCounts.hash(kind, position, value));
        var names = namesOf.computeIfAbsent(key, k -> new HashSet<>());
        if (names.size() < 60 && !name.isEmpty()) names.add(name);
    }

    /** Something that different things rarely share. */
    private static String nameOf(Profile p) {
        if (p.names.length > 0) {
            var name = p.names[0];
            return name.family()
                    + ' '
                    + (name.given().isEmpty() ? "" : name.given().substring(0, 1));
        }
        if (p.organisations.length > 0) return p.organisations[0].base().compact();
        return p.titles.length > 0 ? p.titles[0].compact() : "";
    }

    private static <T> T[] map(T[] values, UnaryOperator<T> change) {
        if (values.length == 0) return values;
        var changed = values.clone();
        Arrays.setAll(changed, i -> change.apply(values[i]));
        return changed;
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
