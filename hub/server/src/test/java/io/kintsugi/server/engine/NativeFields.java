package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a simulated system, which can change at any time, and what follows from them for who reads and writes. */
final class NativeFields {
    /** By name. */
    final Map<String, FieldDef> all = new LinkedHashMap<>();
    /** Fields that a create must name, though nothing in the description says so. */
    final Set<String> demands = new HashSet<>();
    /** Whether a field that is asked for and is not there is refused; otherwise it is left out. */
    boolean drifts = true;

    NativeFields(List<String> names, String linkKey) {
        for (var name : names) all.put(name, field(name, FieldType.STRING, true, List.of()));
        all.put(linkKey, field(linkKey, FieldType.STRING, true, List.of()));
    }

    /** @param options the field takes no others; empty if it takes anything */
    static FieldDef field(String name, FieldType type, boolean nullable, List<String> options) {
        return new FieldDef(
                name,
                type,
                true,
                true,
                nullable,
                name.equals(SimulatedSystem.LINK_KEY),
                true,
                false,
                null,
                options,
                !options.isEmpty());
    }

    NativeRecord shown(NativeRecord record, Query query) {
        var shown = new LinkedHashMap<>(record.fields());
        shown.keySet().retainAll(all.keySet());
        if (!query.fields().isEmpty()) shown.keySet().retainAll(query.fields());
        return new NativeRecord(record.id(), shown, record.modifiedAt(), record.version(), record.modifiedBy());
    }

    Change shown(Change change, Query query) {
        return change instanceof Change.Upserted upserted
                ? new Change.Upserted(change.id(), change.at(), shown(upserted.record(), query))
                : change;
    }

    void require(Query query) throws ConnectorException {
        var missing = new TreeSet<>(query.fields());
        missing.removeAll(all.keySet());
        if (drifts && !missing.isEmpty()) {
            throw new ConnectorException.SchemaDrift(query.stream(), missing, "there is no field " + missing);
        }
    }

    /** What speaks against an op; null for nothing. */
    RecordError refusal(WriteOp op) {
        var set = new LinkedHashMap<String, Object>();
        if (op instanceof WriteOp.Create create) set.putAll(create.set());
        if (op instanceof WriteOp.Update update) {
            set.putAll(update.set());
            update.clear().forEach(field -> set.put(field, null));
        }
        for (var entry : set.entrySet()) {
            var field = all.get(entry.getKey());
            if (field == null) return error(Code.UNKNOWN_FIELD, entry.getKey());
            if (!field.updateable()) return error(Code.FIELD_NOT_WRITABLE, entry.getKey());
            boolean known = entry.getValue() == null || field.options().contains(entry.getValue());
            if (field.optionsClosed() && !known) return error(Code.BAD_OPTION, entry.getKey());
        }
        if (!(op instanceof WriteOp.Create)) return null;
        for (var field : all.values()) {
            boolean required = field.required() || demands.contains(field.name());
            if (required && set.get(field.name()) == null) return error(Code.REQUIRED_MISSING, field.name());
        }
        return null;
    }

    private static RecordError error(Code code, String field) {
        return new RecordError(code, field, code.name(), "refused", List.of(), false);
    }
}
