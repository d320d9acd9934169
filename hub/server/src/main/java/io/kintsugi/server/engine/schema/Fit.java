package io.kintsugi.server.engine.schema;

import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.Standing;
import io.kintsugi.core.sync.Outbound.Write;
import io.kintsugi.server.connector.Translator;
import java.util.HashSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether a stream takes what is to be written, as far as its schema tells (SCH-4): what it does not take is held, the rest goes. */
public final class Fit {
    private final String system;
    private final StreamMapping stream;
    private final Standing standing;
    private final Translator translator;

    public Fit(String system, StreamMapping stream, Standing standing) {
        this.system = system;
        this.stream = stream;
        this.standing = standing;
        this.translator = standing.options().isEmpty() ? null : new Translator(system, stream);
    }

    /** An option that the system does not know. */
    public record Unfit(String field, String attribute, String value, String why) {}

    /** What it does not take, by attribute. */
    public SortedMap<String, Unfit> unfit(Map<String, Write> writes) {
        var unfit = new TreeMap<String, Unfit>();
        if (standing.equals(Standing.CLEAR)) return unfit;
        var looked = new HashSet<String>();
        for (var field : stream.fields()) {
            var write = writes.get(field.attribute());
            if (write == null || !field.writable() || !looked.add(field.attribute())) continue;
            var why = why(field, write.value());
            if (why != null) {
                unfit.put(field.attribute(), new Unfit(field.field(), field.attribute(), write.value(), why));
            }
        }
        return unfit;
    }

    private String why(FieldMapping field, String value) {
        var options = standing.options().get(field.field());
        if (value.isEmpty()) {
            return standing.required().contains(field.field())
                    ? field.field() + " of " + system + " must have a value now, so it is not emptied"
                    : null;
        }
        if (options == null) return null;
        try {
            if (options.contains(translator.written(field, value))) return null;
        } catch (IllegalArgumentException e) {
            return null; // it cannot be written at all, which is said when it is tried
        }
        return field.field() + " of " + system + " does not know the value of " + field.attribute()
                + "; say on the page Schema which of its options stands for it, or add the option in " + system
                + ". Everything else goes on";
    }

    /** Why nothing can be created; null if something can. */
    public String obstacle(Map<String, Write> writes) {
        for (var field : standing.required()) {
            if (stream.constants().containsKey(field)) continue;
            boolean given = stream.fields().stream()
                    .filter(FieldMapping::writable)
                    .filter(mapped -> mapped.field().equals(field))
                    .map(mapped -> writes.get(mapped.attribute()))
                    .anyMatch(write -> write != null && !write.value().isEmpty());
            if (!given) {
                return "every new record of " + system + " must have a value in " + field
                        + ", and there is none; give one on the page Schema, or map the field. Updates go on";
            }
        }
        return null;
    }

    /** Why no record may be created whatever it holds; null if one may. */
    public static String closed(String system, StreamMapping asPublished, Standing standing) {
        var key = asPublished == null ? null : asPublished.linkKeyField();
        return key == null || !standing.suspended().contains(key)
                ? null
                : key + " of " + system
                        + ", by which the hub knows what it created, is not there any more; see the page Schema."
                        + " Updates go on";
    }
}
