package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.KeyRule;
import io.kintsugi.core.policy.MatchRules;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds the keys that bring possible twins together. Each survives some of the errors that break the others; most join two facts, so
 * that few records share one by chance.
 */
final class BlockKeys {
    private static final int RARE_WORDS = 4;
    private static final OrganisationName[] NO_EMPLOYERS = {};

    private final String prefix;
    private final boolean persons;
    private final List<Attribute> slots;
    private final Map<String, KeyRule> rules;

    BlockKeys(EntityType type, Standardiser standardiser, MatchRules rules) {
        prefix = type.name() + ":";
        persons = type.kind() == EntityType.Kind.PERSON;
        slots = standardiser.slots();
        this.rules = rules.keys();
    }

    /** The kind of a key of this class. */
    static String kindOf(String key) {
        return key.split(":", 3)[1];
    }

    /** How many may hold a key. */
    int cap(String key) {
        var rule = rules.get(kindOf(key));
        return rule == null ? 0 : rule.cap();
    }

    SortedSet<String> of(Profile p) {
        var found = new TreeSet<String>();
        each(p, key -> found.add(key.toString()));
        return found;
    }

    /** Tells the same keys, in any order and some of them again; each text is good until the next. */
    void each(Profile p, Consumer<CharSequence> told) {
        var keys = new Keys(told);
        for (var name : p.names) person(keys, name, p);
        boolean person = persons && p.names.length > 0;
        for (var name : person ? NO_EMPLOYERS : p.organisations) {
            words(keys, "organisation", name.base());
            for (var address : p.addresses) {
                if (!address.postcode().isEmpty()) {
                    keys.add("organisation-zip", head(name.base().compact(), 4), address.postcode());
                }
            }
        }
        for (var title : p.titles) words(keys, "title", title);
        for (var model : p.models) keys.add("model", model);
        for (int i = 0; i < p.texts.length; i++) {
            var text = p.texts[i];
            if (text != null && text.compact().length() > 4)
                keys.add("text", Integer.toString(i), head(text.compact(), 40));
        }
        values(keys, p);
        for (var email : p.emails) {
            if (!email.role() && email.local().length() > 5) keys.add("mailbox", email.local());
        }
        if (!persons) {
            for (var address : p.addresses) keys.add("street", address.number(), address.street());
        } else {
            for (int birth : p.births) if (Day.month(birth) != 0) keys.add("birthdate", Day.text(birth));
            for (var address : p.addresses) keys.add("house", address.number(), head(address.street(), 6));
        }
    }

    /** Keys of values that would be strong evidence by themselves. */
    SortedSet<String> ofValues(Profile p) {
        var found = new TreeSet<String>();
        values(new Keys(key -> found.add(key.toString())), p);
        return found;
    }

    private void values(Keys keys, Profile p) {
        for (var phone : p.phones) phone(keys, phone);
        for (var email : p.emails) email(keys, email);
        for (var domain : p.domains) keys.add("domain", domain);
        for (int i = 0; i < p.slots.length; i++) slot(keys, i, p.slots[i]);
    }

    private static void phone(Keys keys, String phone) {
        keys.add("phone", Phone.local(phone));
    }

    private static void email(Keys keys, Email email) {
        if (!email.role()) keys.add("email", email.toString());
    }

    private void slot(Keys keys, int place, String value) {
        var slot = slots.get(place);
        if (value != null && slot.type() == AttributeType.IDENTIFIER) keys.add("id", slot.name(), value);
    }

    /** The same record without the values whose keys are generic; the same object if it has none. */
    Profile without(Profile p, Set<String> generic) {
        if (generic.isEmpty() || Collections.disjoint(ofValues(p), generic)) return p;
        var values = p.slots.clone();
        for (int i = 0; i < values.length; i++) {
            int place = i;
            if (isAmong(generic, keys -> slot(keys, place, values[place]))) values[i] = null;
        }
        return p.telling(
                Arrays.stream(p.emails)
                        .filter(email -> !isAmong(generic, keys -> email(keys, email)))
                        .toArray(Email[]::new),
                Arrays.stream(p.phones)
                        .filter(phone -> !isAmong(generic, keys -> phone(keys, phone)))
                        .toArray(String[]::new),
                Arrays.stream(p.domains)
                        .filter(domain -> !isAmong(generic, keys -> keys.add("domain", domain)))
                        .toArray(String[]::new),
                values);
    }

    private boolean isAmong(Set<String> generic, Consumer<Keys> added) {
        var found = new boolean[1];
        added.accept(new Keys(key -> found[0] = generic.contains(key.toString())));
        return found[0];
    }

    private void person(Keys keys, PersonName name, Profile p) {
        var family = name.family();
        var sound = Sound.of(family);
        var initial = head(name.given(), 1);
        for (int i = 0; i < Math.min(3, name.forms().length); i++) {
            var form = name.forms()[i];
            if (form.length() > 1) inOrder(keys, "name", form, family);
        }
        for (int birth : p.births) {
            if (Day.month(birth) == 0) continue;
            int low = Math.min(Day.month(birth), Day.dayOfMonth(birth));
            int high = Math.max(Day.month(birth), Day.dayOfMonth(birth));
            var date = Integer.toString(Day.year(birth) * 10_000 + low * 100 + high);
            keys.add("birth", date, initial);
            keys.add("birth", date, head(family, 1)); // given and family name may be swapped
            keys.add("birthday", Integer.toString(low * 100 + high), sound);
        }
        if (name.given().length() > 1) keys.add("sound", sound, Sound.of(name.given()));
        else keys.add("initial", family, initial);
        var given = name.given().length() > 1 ? name.given() : "";
        for (var address : p.addresses) {
            keys.add("place-given", address.postcode(), given);
            keys.add("place-given", address.city(), given);
            keys.add("street", address.number(), head(address.street(), 6), initial);
            keys.add("street", address.number(), head(address.extra(), 6), initial); // lines may be swapped
            if (!address.postcode().isEmpty()) keys.add("zip", address.postcode(), sound);
        }
        for (int i = 0; i < p.slots.length; i++) {
            if (p.slots[i] != null && slots.get(i).type() == AttributeType.PARTIAL_IDENTIFIER) {
                keys.add("part", slots.get(i).name(), p.slots[i], head(sound, 2));
            }
        }
    }

    /** Pairs of the rarest words, and the beginning of the whole. */
    private static void words(Keys keys, String kind, Title title) {
        var rare = title.rarest(RARE_WORDS);
        for (int i = 0; i < rare.length; i++) {
            for (int j = i + 1; j < rare.length; j++) keys.add(kind + "-words", rare[i], rare[j]);
            if (rare[i].length() > 4 || rare.length == 1) keys.add(kind + "-word", rare[i]);
        }
        keys.add(kind + "-start", head(title.compact(), 12));
    }

    private static void inOrder(Keys keys, String kind, String a, String b) {
        if (a.compareTo(b) <= 0) keys.add(kind, a, b);
        else keys.add(kind, b, a);
    }

    private static String head(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private final class Keys {
        private final Consumer<CharSequence> told;
        private final StringBuilder key = new StringBuilder(prefix);

        Keys(Consumer<CharSequence> told) {
            this.told = told;
        }

        /** Does nothing if a part is empty, or the rules have no such kind. */
        void add(String kind, String... parts) {
            var rule = rules.get(kind);
            if (rule == null || rule.cap() == 0) return;
            key.setLength(prefix.length());
            key.append(kind);
            for (var part : parts) {
                if (part.isEmpty()) return;
                key.append(':').append(part);
            }
            told.accept(key);
        }
    }
}
