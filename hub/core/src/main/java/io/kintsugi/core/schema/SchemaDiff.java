package io.kintsugi.core.schema;

import io.kintsugi.core.schema.SchemaChange.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares the fields of a stream with those that were agreed on. Open changes are this difference and nothing else, so what goes
 * back to what it was is no change any more, whoever did it. Pure; the order of fields does not matter.
 */
public final class SchemaDiff {
    private SchemaDiff() {}

    /** What differs, by field and kind; empty if nothing a person or the hub has to act on does. */
    public static List<SchemaChange> between(Collection<FieldShape> agreed, Collection<FieldShape> now) {
        var before = byName(agreed);
        var after = byName(now);
        var newById = new HashMap<String, FieldShape>();
        after.values().forEach(field -> {
            if (field.id() != null && !before.containsKey(field.name())) newById.put(field.id(), field);
        });
        var changes = new TreeSet<SchemaChange>();
        var renamed = new TreeSet<String>();
        before.forEach((name, was) -> {
            var is = after.get(name);
            if (is != null) {
                compare(was, is, changes);
                return;
            }
            var other = was.id() == null ? null : newById.get(was.id());
            if (other == null) changes.add(new SchemaChange(Kind.REMOVED, name, null, was, null));
            else if (renamed.add(other.name()))
                changes.add(new SchemaChange(Kind.RENAMED, name, other.name(), was, other));
        });
        after.forEach((name, is) -> {
            if (before.containsKey(name) || renamed.contains(name)) return;
            changes.add(new SchemaChange(is.required() ? Kind.NEW_REQUIRED : Kind.NEW, name, null, null, is));
        });
        return List.copyOf(changes);
    }

    private static void compare(FieldShape was, FieldShape is, Collection<SchemaChange> changes) {
        var name = is.name();
        if (!is.readsLike(was)) changes.add(new SchemaChange(Kind.RETYPED, name, null, was, is));
        if (is.required() && !was.required()) changes.add(new SchemaChange(Kind.NEW_REQUIRED, name, null, was, is));
        if (!is.writable() && was.writable()) changes.add(new SchemaChange(Kind.WRITABLE_LOST, name, null, was, is));
        if (!was.options().containsAll(is.options()))
            changes.add(new SchemaChange(Kind.OPTIONS_ADDED, name, null, was, is));
        if (!is.options().containsAll(was.options()))
            changes.add(new SchemaChange(Kind.OPTIONS_REMOVED, name, null, was, is));
    }

    /** What is agreed on once a change is. Nothing else that differs is touched, so changes can be agreed on in any order. */
    public static List<FieldShape> agreed(Collection<FieldShape> before, SchemaChange change) {
        var fields = byName(before);
        var now = change.now();
        switch (change.kind()) {
            case NEW -> fields.put(change.field(), now);
            case REMOVED -> fields.remove(change.field());
            case RENAMED -> {
                fields.remove(change.field());
                fields.put(change.other(), now);
            }
            case RETYPED -> fields.computeIfPresent(change.field(), (name, was) -> was.withType(now.type()));
            case NEW_REQUIRED ->
                fields.compute(change.field(), (name, was) -> was == null ? now : was.withRequired(true));
            case WRITABLE_LOST -> fields.computeIfPresent(change.field(), (name, was) -> was.withWritable(false));
            case OPTIONS_ADDED ->
                fields.computeIfPresent(change.field(), (name, was) -> {
                    var all = new LinkedHashSet<>(was.options());
                    all.addAll(now.options());
                    return was.withOptions(List.copyOf(all), now.closed());
                });
            case OPTIONS_REMOVED ->
                fields.computeIfPresent(change.field(), (name, was) -> {
                    var left = new ArrayList<>(was.options());
                    left.retainAll(now.options());
                    return was.withOptions(left, now.closed());
                });
        }
        return List.copyOf(fields.values());
    }

    /** What is agreed on without anybody: a field that asks for less than it did, or got an id, and so asks anew when it asks again. */
    public static List<FieldShape> eased(Collection<FieldShape> agreed, Collection<FieldShape> now) {
        var after = byName(now);
        var eased = new ArrayList<FieldShape>();
        for (var was : agreed) {
            var is = after.get(was.name());
            eased.add(
                    is == null
                            ? was
                            : new FieldShape(
                                    was.name(),
                                    is.id() == null ? was.id() : is.id(),
                                    is.readsLike(was) ? is.type() : was.type(),
                                    was.required() && is.required(),
                                    was.writable() || is.writable(),
                                    was.options(),
                                    is.closed()));
        }
        return eased;
    }

    private static Map<String, FieldShape> byName(Collection<FieldShape> fields) {
        var named = new LinkedHashMap<String, FieldShape>();
        for (var field : fields) named.put(field.name(), field);
        return named;
    }
}
