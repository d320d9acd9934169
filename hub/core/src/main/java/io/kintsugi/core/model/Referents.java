package io.kintsugi.core.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the references of records of one entity type lead to. A record holds a reference as its system does, as that system's own id;
 * only the golden record behind it means the same everywhere. So wherever values of systems are compared or chosen from, they are in
 * golden terms: a reference is the id of a golden record in use. Two ids of one system that lead to one golden are the same reference.
 * Immutable and thread-safe.
 */
public final class Referents {
    /** Of a type without references: everything is in golden terms as it is. */
    public static final Referents NONE = new Referents(List.of(), Map.of(), Map.of());

    private final List<Attribute> references;
    private final Map<RecordKey, String> goldenOf;
    private final Map<String, String> currentIds;

    private Referents(List<Attribute> references, Map<RecordKey, String> goldenOf, Map<String, String> currentIds) {
        this.references = references;
        this.goldenOf = Map.copyOf(goldenOf);
        this.currentIds = Map.copyOf(currentIds);
    }

    /**
     * @param goldenOf golden record of each record that {@link #named} gave, as far as it has one
     * @param currentIds where the golden ids lead that {@link #goldensNamed} gave; one without an entry leads to itself
     */
    public static Referents of(EntityType type, Map<RecordKey, String> goldenOf, Map<String, String> currentIds) {
        var references = type.references();
        return references.isEmpty() ? NONE : new Referents(references, goldenOf, currentIds);
    }

    /** The records that one reference of a record names: what it holds, and what it held before the hub wrote over that. */
    public static SortedSet<RecordKey> named(Attribute reference, SourceRecord record) {
        var named = new TreeSet<RecordKey>();
        var state = record.states().get(reference.name());
        for (var value : Arrays.asList(record.value(reference.name()), state == null ? null : state.original())) {
            if (value != null && !value.isBlank())
                named.add(key(reference, record.key().system(), value));
        }
        return named;
    }

    /** The records that references of records name; empty if none do. */
    public static SortedSet<RecordKey> named(EntityType type, Collection<SourceRecord> records) {
        var named = new TreeSet<RecordKey>();
        for (var reference : type.references()) {
            for (var record : records) named.addAll(named(reference, record));
        }
        return named;
    }

    /** The records that references lead to in a system, as values name them there; empty if none do. */
    public static SortedSet<RecordKey> named(EntityType type, String system, Map<String, String> values) {
        var named = new TreeSet<RecordKey>();
        for (var reference : type.references()) {
            var value = values.get(reference.name());
            if (value != null && !value.isBlank()) named.add(key(reference, system, value));
        }
        return named;
    }

    private static RecordKey key(Attribute reference, String system, String value) {
        return new RecordKey(system, reference.refersTo(), value);
    }

    /** The golden ids that goldens name in their values and in what stewards gave them; empty if none do. */
    public static SortedSet<String> goldensNamed(EntityType type, Collection<GoldenRecord> goldens) {
        var named = new TreeSet<String>();
        for (var reference : type.references()) {
            for (var golden : goldens) {
                var value = golden.value(reference.name());
                if (value != null) named.add(value);
                for (var given : golden.stewardValues()) {
                    if (!given.attribute().equals(reference.name())) continue;
                    named.add(given.value());
                    if (given.winner() != null) named.add(given.winner().value());
                }
            }
        }
        named.remove("");
        return named;
    }

    /** Whether an attribute is a reference. */
    public boolean refers(String attribute) {
        return references.stream().anyMatch(reference -> reference.name().equals(attribute));
    }

    /** Where a golden's value of an attribute leads today: a retired golden to its survivor. What is no reference stays as it is. */
    public String current(String attribute, String value) {
        return value == null || !refers(attribute) ? value : currentIds.getOrDefault(value, value);
    }

    /** What a steward gave, as it leads today. */
    public StewardValue current(StewardValue given) {
        if (!refers(given.attribute())) return given;
        var winner = given.winner();
        return given.leadingTo(
                current(given.attribute(), given.value()),
                winner == null
                        ? null
                        : new StewardValue.Winner(
                                winner.record(), current(given.attribute(), winner.value()), winner.at()));
    }

    /**
     * A record with its references in golden terms, to compare and to choose from; never to be stored. One that leads to no golden yet
     * is not known, so that nothing else of the record waits for it, and is {@linkplain AttributeState#UNRESOLVED on hold}, so that
     * nobody's new reference is written over.
     */
    public SourceRecord inGoldenTerms(SourceRecord record) {
        if (references.isEmpty()) return record;
        Map<String, String> values = null;
        Map<String, AttributeState> states = null;
        for (var reference : references) {
            var name = reference.name();
            var held = record.attributes().get(name);
            var state = record.states().get(name);
            boolean written = state != null && state.original() != null;
            if (held == null && !written) continue;
            if (values == null) {
                values = new HashMap<>(record.attributes());
                states = new HashMap<>(record.states());
            }
            var system = record.key().system();
            if (written) {
                var original = golden(reference, system, state.original());
                boolean known = original != null;
                if (!known && state.recalled()) held = state.original(); // that is what would count
                state = new AttributeState(
                        state.changedAt(),
                        state.base(),
                        state.agreed(),
                        state.copied() && (known || !state.recalled()),
                        original,
                        known ? state.originalAt() : null,
                        state.hold());
                states.put(name, state);
            }
            var golden = held == null ? null : golden(reference, system, held);
            if (golden != null) {
                values.put(name, golden);
            } else if (held != null) {
                values.remove(name);
                var known = state == null ? AttributeState.original(record.sourceAt(), 0) : state;
                states.put(name, known.hold() == null ? known.withHold(AttributeState.UNRESOLVED) : known);
            }
        }
        if (values == null) return record;
        return new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                values,
                states,
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                record.written());
    }

    /** @return null if nothing is known of it; empty for empty */
    private String golden(Attribute reference, String system, String value) {
        return value.isBlank() ? "" : goldenOf.get(key(reference, system, value));
    }
}
