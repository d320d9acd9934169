package io.kintsugi.core.schema;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Objects;

/** Gives a record the value of a field that was kept before anybody mapped it (SCH-1). Pure; filling twice is the same as once. */
public final class Filling {
    private Filling() {}

    /**
     * @param value canonical; empty if the field is known to be empty
     * @param at when the record had last changed when it held the value; null if unknown
     * @param alone whether no other field of the stream is read into the attribute; else a value that is there stays
     * @return the same record if nothing is new
     */
    public static SourceRecord fill(SourceRecord record, String attribute, String value, Instant at, boolean alone) {
        if (record.state().gone() || record.state() == RecordState.MERGED) return record;
        var held = record.attributes().get(attribute);
        if (Objects.equals(held, value) || held != null && !held.isEmpty() && !alone) return record;
        var values = new HashMap<>(record.attributes());
        var states = new HashMap<>(record.states());
        values.put(attribute, value);
        var state = states.get(attribute);
        if (held != null || !value.isEmpty()) // a state would say that its system had cleared it
        states.put(attribute, AttributeState.original(at, state == null ? 0 : state.base()));
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
}
