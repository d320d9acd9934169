package io.kintsugi.server.engine.schema;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.Standing;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.schema.Fit.Unfit;
import io.kintsugi.server.engine.shared.StoredJson;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Golden values that a system has no option for, remembered when a write is held for want of one, so that people see them. */
public final class UnknownOptions {
    private static final String KIND = "unknown-options";
    private static final int MOST = 200;

    private UnknownOptions() {}

    /** Remembers values that the system has no option for. */
    public static void note(
            HubTransaction tx, String system, StreamMapping stream, Collection<Unfit> unfit, Instant now) {
        for (var one : unfit) {
            if (one.value().isEmpty()) continue;
            var name = name(system, stream, one.field());
            var values = values(tx, name);
            if (values.size() < MOST && values.add(one.value()))
                tx.journal().publish(KIND, name, StoredJson.write(values), "hub", now);
        }
    }

    /** Those that the field still has no option for. */
    public static SortedSet<String> of(
            HubTransaction tx, String system, StreamMapping stream, FieldMapping field, Standing standing) {
        var options = standing.options().get(field.field());
        var left = new TreeSet<String>();
        if (options == null || !field.writable()) return left;
        var translator = new Translator(system, stream);
        for (var value : values(tx, name(system, stream, field.field()))) {
            try {
                if (!options.contains(translator.written(field, value))) left.add(value);
            } catch (IllegalArgumentException e) {
                left.add(value);
            }
        }
        return left;
    }

    /** Names the question about a field, as changes of schemas have ids. */
    public static String id(String system, StreamMapping stream, String field) {
        return ContentHash.of(Map.of("options", name(system, stream, field))).substring(0, 16);
    }

    /** When a value was found last; null if none was. */
    public static Instant since(HubTransaction tx, String system, StreamMapping stream, String field) {
        return tx.journal()
                .document(KIND, name(system, stream, field))
                .map(document -> document.at())
                .orElse(null);
    }

    private static String name(String system, StreamMapping stream, String field) {
        return StreamSchema.name(system, stream.stream()) + "/" + field;
    }

    private static SortedSet<String> values(HubTransaction tx, String name) {
        var stored = tx.journal().document(KIND, name);
        if (stored.isEmpty()) return new TreeSet<>();
        return StoredJson.read(stored.get().body(), new TypeReference<TreeSet<String>>() {}, "list of options");
    }
}
