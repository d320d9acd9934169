package io.kintsugi.core.model;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One canonical attribute of an entity type. Values are text in canonical form: dates are ISO 8601, numbers plain decimals, truth
 * is {@code true} or {@code false}.
 *
 * @param name camelCase; becomes a property of the nodes, so names of the hub's own properties are refused
 * @param type what its values mean
 * @param label name for people
 * @param refersTo entity type of the records that a {@code REFERENCE} leads to; null for every other type
 */
public record Attribute(String name, AttributeType type, String label, String refersTo) {
    /** Properties the hub itself keeps on record and golden nodes. */
    public static final Set<String> RESERVED = Set.of(
            "key",
            "id",
            "system",
            "type",
            "externalId",
            "stream",
            "state",
            "hash",
            "evidenceHash",
            "written",
            "version",
            "observedAt",
            "sourceAt",
            "bookkeeping",
            "unmapped",
            "pending",
            "revision",
            "createdAt",
            "updatedAt",
            "provenance",
            "search",
            "label",
            "goldenId",
            "stewardValues",
            "dueAt");

    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,63}");

    /** One that is no reference. */
    public Attribute(String name, AttributeType type, String label) {
        this(name, type, label, null);
    }

    public Attribute {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "attribute name must be camelCase letters and digits, not \"" + name + "\"");
        }
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("attribute name \"" + name + "\" is kept for the hub; choose another");
        }
        Objects.requireNonNull(type, name);
        boolean reference = type == AttributeType.REFERENCE;
        if (reference && (refersTo == null || refersTo.isBlank())) {
            throw new IllegalArgumentException(
                    name + " is a reference and does not say to which entity type; add it, such as to: account");
        }
        if (!reference && refersTo != null) {
            throw new IllegalArgumentException(name + " is no reference, so it leads to no entity type; take away to: "
                    + refersTo + ", or make its type reference");
        }
        label = label == null || label.isBlank() ? name : label;
    }
}
