package io.kintsugi.core.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A canonical type of thing, such as contact or account.
 *
 * @param name lower case; becomes a label of the nodes in PascalCase
 * @param kind which shipped match rules fit
 * @param attributes in the order people should see them; names are unique
 */
public record EntityType(String name, Kind kind, List<Attribute> attributes) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,31}");

    /** What sort of real-world thing it is. */
    public enum Kind {
        PERSON,
        ORGANISATION,
        /** Described by text: products, publications, restaurants. */
        ITEM
    }

    public EntityType {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "entity type must be lower-case letters and digits, not \"" + name + "\"");
        }
        attributes = List.copyOf(attributes);
        var seen = new HashSet<String>();
        for (var attribute : attributes) {
            if (!seen.add(attribute.name())) {
                throw new IllegalArgumentException(name + " has the attribute " + attribute.name() + " twice");
            }
        }
    }

    /** Its attribute of that name; empty if it has none. */
    public Optional<Attribute> attribute(String name) {
        return attributes.stream().filter(a -> a.name().equals(name)).findFirst();
    }

    /** Its attributes that lead to records of another type or of its own, in their order; empty for most types. */
    public List<Attribute> references() {
        return attributes.stream().filter(a -> a.refersTo() != null).toList();
    }

    /** Label of its nodes, for example {@code Contact}. */
    public String nodeLabel() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
