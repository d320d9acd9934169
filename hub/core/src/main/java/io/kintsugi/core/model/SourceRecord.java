package io.kintsugi.core.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one record of one system last held, as far as the hub knows: the base of every comparison.
 *
 * @param stream native object type it was read from
 * @param attributes canonical values. An empty text means <em>known to be empty</em>; an absent key means <em>unknown</em>
 * @param states bookkeeping per attribute; attributes without an entry are originals that were never written
 * @param sourceAt when the system says it last changed; null if it does not say
 * @param observedAt when the hub last saw it change
 * @param version the system's own version, for conditional writes; null if it has none
 * @param written hash of the attributes as the hub last left them there; null if it never wrote
 */
public record SourceRecord(
        RecordKey key,
        String stream,
        RecordState state,
        Map<String, String> attributes,
        Map<String, AttributeState> states,
        Instant sourceAt,
        Instant observedAt,
        String version,
        String written) {
    public SourceRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(state, "state");
        attributes = Map.copyOf(attributes);
        states = Map.copyOf(states);
    }

    /** A live record just read, with nothing known about it yet. */
    public static SourceRecord observed(
            RecordKey key,
            String stream,
            Map<String, String> attributes,
            Instant sourceAt,
            Instant observedAt,
            String version) {
        return new SourceRecord(
                key, stream, RecordState.LIVE, attributes, Map.of(), sourceAt, observedAt, version, null);
    }

    /** The value, or null if it is unknown or known to be empty, as is what consists of blanks only. */
    public String value(String attribute) {
        var value = attributes.get(attribute);
        return value == null || value.isBlank() ? null : value;
    }

    /**
     * What the system itself knows of the thing, by which it is matched: the attributes, but where the hub wrote over what the system
     * had, what that was, and where it had nothing, what the hub's value stands for. So whatever follows from a match is no evidence for it.
     */
    public Map<String, String> evidence() {
        if (states.values().stream().allMatch(state -> state.original() == null && state.sent() == null))
            return attributes;
        var evidence = new HashMap<>(attributes);
        states.forEach((attribute, state) -> evidence.computeIfPresent(
                attribute, (any, held) -> state.original() == null ? state.standsFor(held) : state.original()));
        return evidence;
    }

    /** Whether the system itself says something of an attribute, or said it before the hub wrote there; that it is empty too, if it was cleared. */
    public boolean says(String attribute) {
        var state = states.get(attribute);
        if (state == null) return value(attribute) != null;
        if (!state.copied()) return true;
        return state.original() != null && (!state.original().isEmpty() || state.originalAt() != null);
    }

    /** What is known of a value that was entered in the system itself; null if it holds none, or the hub's. */
    public AttributeState entered(String attribute) {
        var state = states.get(attribute);
        if (state != null) return state.copied() ? null : state;
        return value(attribute) == null ? null : AttributeState.original(sourceAt, 0);
    }

    /** Whether the hub created it in its system, and the system has not changed all of it since. */
    public boolean provisioned() {
        return states.values().stream().anyMatch(AttributeState::made);
    }

    /** Content hash of the attributes, the same on every machine and for every order of the map. */
    public String hash() {
        return ContentHash.of(attributes);
    }

    /** The same with other bookkeeping. */
    public SourceRecord withStates(Map<String, AttributeState> others) {
        return new SourceRecord(key, stream, state, attributes, others, sourceAt, observedAt, version, written);
    }

    public SourceRecord withState(RecordState newState) {
        return new SourceRecord(key, stream, newState, attributes, states, sourceAt, observedAt, version, written);
    }
}
