package io.kintsugi.server.config;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.Overlap;
import io.kintsugi.core.schema.SchemaChange;
import io.kintsugi.core.schema.SchemaChange.Kind;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.schema.Schemas.Open;
import io.kintsugi.server.engine.schema.UnknownOptions;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What waits for an answer about the schemas of the systems, with what speaks for one. Reads only. */
public final class SchemaInbox {
    /** Kind of an item about golden values that a field has no option for. */
    public static final String OPTION_UNKNOWN = "OPTION_UNKNOWN";

    private static final int SAMPLE = 500;
    private final HubStore store;
    private final LiveModel model;
    private final Schemas schemas;

    public SchemaInbox(HubStore store, LiveModel model, Schemas schemas) {
        this.store = store;
        this.model = model;
        this.schemas = schemas;
    }

    /**
     * One question.
     *
     * @param kind a {@link Kind}, or {@link #OPTION_UNKNOWN}
     * @param attribute the field is mapped to; null if it is not mapped
     * @param changeOrNull null for {@link #OPTION_UNKNOWN}
     * @param since null if that is not known
     * @param candidates fields that a field which is gone may go on as, the likeliest first
     * @param options what the field takes; empty if it takes anything
     * @param unknown golden values that it does not take
     */
    public record Item(
            String id,
            String kind,
            String system,
            StreamMapping mapping,
            String field,
            String attribute,
            SchemaChange changeOrNull,
            Instant since,
            List<Candidate> candidates,
            List<String> options,
            List<String> unknown) {}

    /** @param overlap null if the system's own id of the field proves it */
    public record Candidate(String field, Overlap overlap) {}

    /** What is open, in the order of systems, streams and fields. */
    public List<Item> items() {
        var open = schemas.open();
        return store.read(tx -> {
            var items = new ArrayList<Item>();
            for (var one : open) items.add(item(tx, one, open));
            for (var system : model.get().systems()) {
                for (var mapping : system.streams()) {
                    for (var field : mapping.fields())
                        unknown(tx, system.id(), mapping, field).ifPresent(items::add);
                }
            }
            items.sort(Comparator.comparing(Item::system)
                    .thenComparing(item -> item.mapping().stream())
                    .thenComparing(Item::field)
                    .thenComparing(Item::kind));
            return items;
        });
    }

    /** How many are open; cheaper than {@link #items}. */
    public int count() {
        return schemas.open().size()
                + store.read(tx -> {
                    int unknown = 0;
                    for (var system : model.get().systems()) {
                        for (var mapping : system.streams()) {
                            for (var field : mapping.fields())
                                if (unknown(tx, system.id(), mapping, field).isPresent()) unknown++;
                        }
                    }
                    return unknown;
                });
    }

    public Optional<Item> find(String id) {
        return items().stream().filter(item -> item.id().equals(id)).findFirst();
    }

    private Item item(HubTransaction tx, Open one, List<Open> all) {
        var change = one.change();
        var options = change.now() == null ? List.<String>of() : change.now().options();
        return new Item(
                one.id(),
                change.kind().name(),
                one.system(),
                one.mapping(),
                change.field(),
                attribute(one.mapping(), change.field()),
                change,
                one.since(),
                candidates(tx, one, all),
                options,
                List.of());
    }

    private Optional<Item> unknown(HubTransaction tx, String system, StreamMapping mapping, FieldMapping field) {
        var standing = model.standing(system, mapping.stream());
        var found = UnknownOptions.of(tx, system, mapping, field, standing);
        if (found.isEmpty()) return Optional.empty();
        return Optional.of(new Item(
                UnknownOptions.id(system, mapping, field.field()),
                OPTION_UNKNOWN,
                system,
                mapping,
                field.field(),
                field.attribute(),
                null,
                UnknownOptions.since(tx, system, mapping, field.field()),
                List.of(),
                standing.options().get(field.field()),
                List.copyOf(found)));
    }

    private static String attribute(StreamMapping mapping, String field) {
        return mapping.fields().stream()
                .filter(mapped -> mapped.field().equals(field))
                .map(FieldMapping::attribute)
                .findFirst()
                .orElse(null);
    }

    private List<Candidate> candidates(HubTransaction tx, Open gone, List<Open> all) {
        if (gone.change().kind() == Kind.RENAMED)
            return List.of(new Candidate(gone.change().other(), null));
        if (gone.change().kind() != Kind.REMOVED) return List.of();
        var mapped = gone.mapping().fields().stream()
                .filter(field -> field.field().equals(gone.change().field()))
                .findFirst();
        if (mapped.isEmpty()) return List.of();
        var appeared = all.stream()
                .filter(one -> one.system().equals(gone.system())
                        && one.mapping().stream().equals(gone.mapping().stream()))
                .map(one -> one.change().kind() == Kind.RENAMED
                        ? null
                        : one.change().appeared())
                .filter(field -> field != null)
                .toList();
        if (appeared.isEmpty()) return List.of();
        return candidates(tx, gone, mapped.get(), appeared);
    }

    /** The values that records held in the field, against those kept of the fields that have appeared. */
    private List<Candidate> candidates(HubTransaction tx, Open gone, FieldMapping mapped, List<String> appeared) {
        var was = new HashMap<RecordKey, String>();
        var page = tx.records().list(gone.system(), gone.mapping().entityType(), null, SAMPLE);
        for (var record : page.items()) {
            var held = record.attributes().get(mapped.attribute());
            if (held != null && record.stream().equals(gone.mapping().stream())) was.put(record.key(), held);
        }
        var translator = new Translator(gone.system(), gone.mapping());
        var is = new HashMap<String, Map<RecordKey, String>>();
        tx.records()
                .retained(was.keySet())
                .forEach((key, fields) -> fields.forEach((field, kept) -> {
                    try {
                        is.computeIfAbsent(field, name -> new HashMap<>())
                                .put(key, translator.read(mapped, kept.value()));
                    } catch (Translator.Unmappable e) {
                        is.computeIfAbsent(field, name -> new HashMap<>())
                                .put(key, kept.value()); // so it is not the same
                    }
                }));
        return appeared.stream()
                .map(field -> new Candidate(field, Overlap.of(was, is.getOrDefault(field, Map.of()))))
                .sorted(Comparator.comparing((Candidate one) -> -one.overlap().share())
                        .thenComparing(Candidate::field))
                .toList();
    }
}
