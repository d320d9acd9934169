package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A golden record with where each of its values comes from. */
record GoldenView(
        String id,
        String type,
        GoldenState state,
        long revision,
        String label,
        Map<String, String> attributes,
        Map<String, GoldenValue> values,
        Map<String, Referred> references,
        List<RecordKey> records,
        List<String> systems,
        String redirectedFrom,
        String redirectsTo,
        Instant createdAt,
        Instant updatedAt) {
    /** What a reference leads to. */
    record Referred(String id, String type, GoldenState state, String label) {
        static Referred of(GoldenRecord golden) {
            return new Referred(golden.id(), golden.entityType(), golden.state(), golden.label());
        }
    }

    /** A golden in a list. */
    record Summary(
            String id,
            String type,
            GoldenState state,
            long revision,
            String label,
            Map<String, String> attributes,
            int records,
            List<String> systems,
            String redirectsTo,
            Instant createdAt,
            Instant updatedAt) {}

    static GoldenView of(GoldenRecord golden, Collection<RecordKey> records) {
        return new GoldenView(
                golden.id(),
                golden.entityType(),
                golden.state(),
                golden.revision(),
                golden.label(),
                attributes(golden),
                golden.values(),
                null,
                records.stream().sorted().toList(),
                systems(records),
                null,
                golden.redirectsTo(),
                golden.createdAt(),
                golden.updatedAt());
    }

    static Summary summary(GoldenRecord golden, Collection<RecordKey> records) {
        return new Summary(
                golden.id(),
                golden.entityType(),
                golden.state(),
                golden.revision(),
                golden.label(),
                attributes(golden),
                records.size(),
                systems(records),
                golden.redirectsTo(),
                golden.createdAt(),
                golden.updatedAt());
    }

    /** The same with what its references lead to, by attribute. */
    GoldenView withReferences(Map<String, Referred> references) {
        return new GoldenView(
                id,
                type,
                state,
                revision,
                label,
                attributes,
                values,
                references,
                records,
                systems,
                redirectedFrom,
                redirectsTo,
                createdAt,
                updatedAt);
    }

    GoldenView askedAs(String asked) {
        if (asked.equals(id)) return this;
        return new GoldenView(
                id,
                type,
                state,
                revision,
                label,
                attributes,
                values,
                references,
                records,
                systems,
                asked,
                redirectsTo,
                createdAt,
                updatedAt);
    }

    private static Map<String, String> attributes(GoldenRecord golden) {
        var attributes = new TreeMap<String, String>();
        golden.values().forEach((name, value) -> attributes.put(name, value.value()));
        return attributes;
    }

    private static List<String> systems(Collection<RecordKey> records) {
        return records.stream().map(RecordKey::system).distinct().sorted().toList();
    }
}
