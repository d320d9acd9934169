package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What says without doubt who somebody is: a mailbox or an identifier by itself, a telephone number or a mailbox with the name, and
 * name, day of birth and postcode together. A name with a day of birth is not enough: of each common name there are several.
 */
final class IdentifyingKeys {
    private final String prefix;
    private final List<Attribute> slots;

    IdentifyingKeys(EntityType type, Standardiser standardiser) {
        prefix = type.name() + ":";
        slots = standardiser.slots();
    }

    SortedSet<String> of(Profile p) {
        var found = new TreeSet<String>();
        for (var email : p.emails) if (!email.role()) found.add(prefix + "email:" + email);
        for (int i = 0; i < p.slots.length; i++) {
            if (p.slots[i] != null && slots.get(i).type() == AttributeType.IDENTIFIER) {
                found.add(prefix + "id:" + slots.get(i).name() + ":" + p.slots[i]);
            }
        }
        for (var name : p.names) {
            if (name.given().length() < 2 || name.family().isEmpty()) continue;
            var whole = name.given().compareTo(name.family()) <= 0 // they may be swapped
                    ? name.given() + " " + name.family()
                    : name.family() + " " + name.given();
            for (var phone : p.phones) found.add(prefix + "phone:" + Phone.local(phone) + ":" + whole);
            for (var email : p.emails) found.add(prefix + "mail-of:" + email + ":" + whole);
            for (int birth : p.births) {
                for (var address : p.addresses) {
                    if (Day.month(birth) == 0 || address.postcode().isEmpty()) continue;
                    found.add(prefix + "born:" + Day.text(birth) + ":" + address.postcode() + ":" + whole);
                }
            }
        }
        return found;
    }
}
