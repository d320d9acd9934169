package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A system that cannot delete, as one that archives: a delete sets the field that its mapping names ({@link WhenDeleted}), a record whose
 * field says so is gone, and one that comes back gets the former value. So what holds of archives holds of it, whoever set the field. A
 * stream that can delete, or whose field is not there, is passed on as it is. As thread-safe as the connector behind it.
 */
public final class MarkingConnector implements Connector, Lookups {
    private final Connector inner;
    private final String system;
    private final Function<String, StreamMapping> mappings;
    private final Memory memory;
    private volatile Catalog catalog;

    /** Where it is kept what fields held before they said that a record is deleted. */
    public interface Memory {
        /** For who only reads. */
        Memory NONE = new Memory() {
            @Override
            public void keep(RecordKey record, String field, String value) {
                throw new IllegalStateException("a system that is only read was to delete " + record);
            }

            @Override
            public Optional<String> kept(RecordKey record, String field) {
                return Optional.empty();
            }
        };

        /** Kept before the field is written; the last one counts. */
        void keep(RecordKey record, String field, String value);

        /** What was kept; empty if nothing was. */
        Optional<String> kept(RecordKey record, String field);
    }

    /** @param mappings the mapping of a stream as it is now; gives null for one that is not mapped */
    public MarkingConnector(Connector inner, String system, Function<String, StreamMapping> mappings, Memory memory) {
        this.inner = inner;
        this.system = system;
        this.mappings = mappings;
        this.memory = memory;
    }

    /** How records of one stream are marked. */
    record Mark(Function<String, RecordKey> keys, WhenDeleted when, StreamDef stream, Memory memory) {
        boolean isOn(NativeRecord record) {
            return Translator.text(record.fields().get(when.field())).equals(when.value());
        }

        Lookup seen(Lookup answer) {
            return answer instanceof Lookup.Found found && isOn(found.record())
                    ? new Lookup.Gone(found.record().modifiedAt(), true)
                    : answer;
        }

        Change seen(Change change) {
            return change instanceof Change.Upserted upserted && isOn(upserted.record())
                    ? new Change.Deleted(change.id(), change.at(), true)
                    : change;
        }

        /** No fields ask for all. */
        Query asking(Query query) {
            if (query.fields().isEmpty() || query.fields().contains(when.field())) return query;
            var fields = new ArrayList<>(query.fields());
            fields.add(when.field());
            return new Query(query.stream(), fields);
        }
    }

    /** How records of a stream are marked; empty if they are not. */
    Optional<Mark> mark(String stream) throws ConnectorException {
        var mapping = mappings.apply(stream);
        if (mapping == null || mapping.whenDeleted() == null) return Optional.empty();
        if (catalog == null) discover();
        return catalog.streams().stream()
                .filter(def -> def.name().equals(stream))
                .filter(def -> marks(mapping.whenDeleted(), def))
                .findFirst()
                .map(def -> new Mark(
                        id -> new RecordKey(system, mapping.entityType(), id), mapping.whenDeleted(), def, memory));
    }

    private static boolean marks(WhenDeleted when, StreamDef def) {
        var can = def.can().ops();
        return can.contains(Op.UPDATE)
                && !can.contains(Op.DELETE)
                && def.fields().stream()
                        .filter(FieldDef::updateable)
                        .map(FieldDef::name)
                        .anyMatch(when.field()::equals);
    }

    @Override
    public Catalog discover() throws ConnectorException {
        catalog = inner.discover();
        return described(catalog, mappings);
    }

    /** What a system offers by what its connector says: streams whose records are marked archive them, and bring them back. */
    public static Catalog described(Catalog catalog, Function<String, StreamMapping> mappings) {
        var streams = new ArrayList<StreamDef>();
        for (var def : catalog.streams()) {
            var mapping = mappings.apply(def.name());
            boolean marked = mapping != null && mapping.whenDeleted() != null && marks(mapping.whenDeleted(), def);
            streams.add(marked ? archiving(def) : def);
        }
        return new Catalog(catalog.system(), streams, catalog.fingerprint());
    }

    private static StreamDef archiving(StreamDef def) {
        var can = def.can();
        var ops = EnumSet.of(Op.ARCHIVE, Op.UNDELETE);
        ops.addAll(can.ops());
        var more = new Capabilities(ops, can.feeds(), can.reading(), can.writing(), can.quotas(), can.merge());
        return new StreamDef(def.name(), def.label(), def.fields(), def.relations(), def.ids(), more);
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == SnapshotSource.class)
            return inner.facet(type)
                    .map(SnapshotSource.class::cast)
                    .map(this::pages)
                    .map(type::cast);
        if (type == ChangeSource.class)
            return inner.facet(type)
                    .map(ChangeSource.class::cast)
                    .map(Feed::new)
                    .map(type::cast);
        var writer = inner.facet(Writer.class);
        if (writer.isEmpty() || type != Writer.class && type != Restorer.class) return inner.facet(type);
        return Optional.of(type.cast(new MarkingWriter(this, inner, writer.get())));
    }

    private SnapshotSource pages(SnapshotSource source) {
        return (query, cursor, maxRecords) -> {
            var mark = mark(query.stream());
            if (mark.isEmpty()) return source.page(query, cursor, maxRecords);
            var page = source.page(mark.get().asking(query), cursor, maxRecords);
            var there = page.records().stream()
                    .filter(record -> !mark.get().isOn(record))
                    .toList();
            return new SnapshotSource.Page(there, page.unreadable(), page.next(), page.last());
        };
    }

    private final class Feed implements ChangeSource {
        private final ChangeSource source;

        Feed(ChangeSource source) {
            this.source = source;
        }

        @Override
        public Checkpoint start(Query query, StartAt at) throws ConnectorException {
            var mark = mark(query.stream());
            return source.start(mark.isEmpty() ? query : mark.get().asking(query), at);
        }

        @Override
        public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
            var mark = mark(query.stream());
            if (mark.isEmpty()) return source.poll(query, from, maxRecords);
            var batch = source.poll(mark.get().asking(query), from, maxRecords);
            return new ChangeBatch(
                    batch.changes().stream().map(mark.get()::seen).toList(),
                    batch.unreadable(),
                    batch.next(),
                    batch.caughtUp(),
                    batch.completeUpTo(),
                    batch.sweep(),
                    batch.readable());
        }
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        var mark = mark(query.stream());
        if (mark.isEmpty()) return inner.lookups().byId(query, ids);
        var answers = new HashMap<>(inner.lookups().byId(mark.get().asking(query), ids));
        answers.replaceAll((id, answer) -> mark.get().seen(answer));
        return answers;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        var mark = mark(query.stream());
        if (mark.isEmpty()) return inner.lookups().byKey(query, keyField, values);
        var answers = new HashMap<>(inner.lookups().byKey(mark.get().asking(query), keyField, values));
        answers.replaceAll((value, found) ->
                found.stream().filter(record -> !mark.get().isOn(record)).toList());
        return answers;
    }

    @Override
    public CheckReport check() throws ConnectorException {
        return inner.check();
    }

    @Override
    public void close() {
        inner.close();
    }
}
