package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Stands for a system that is written in a dry run: tells what it is asked to do, answers as a system that stores exactly what it is
 * sent and refuses what it does not offer, and calls nobody. What is there before a write is taken to be what the hub knows.
 */
final class PretendedSystem implements Dispatcher.Outlet, Connector, Lookups, Writer, Merger, Restorer {
    private final HubStore hub;
    private final LiveModel model;
    private final SystemConfig config;
    private final Catalog catalogOrNull;
    private final Clock clock;
    private final Map<String, String> made;
    private final Watcher watcher;
    private final Map<String, Translator> translators = new HashMap<>();
    private final Map<String, Sendable> sending = new HashMap<>();

    /** Told of each write that the system takes. */
    interface Watcher {
        /** @param key names the record; that of one which was created or came back here stays the same */
        void written(String key, StreamMapping stream, Sendable sendable);
    }

    /**
     * @param hub the copy that writes to it
     * @param catalogOrNull what the system offers; of one that has not said, everything is expected
     * @param made keys of the creates by the id of the record they made or brought back, for whoever comes after this one
     */
    PretendedSystem(
            HubStore hub,
            LiveModel model,
            SystemConfig config,
            Catalog catalogOrNull,
            Clock clock,
            Map<String, String> made,
            Watcher watcher) {
        this.hub = hub;
        this.model = model;
        this.config = config;
        this.clock = clock;
        this.made = made;
        this.catalogOrNull = catalogOrNull;
        this.watcher = watcher;
        for (var stream : config.streams()) translators.put(stream.stream(), new Translator(config.id(), stream));
    }

    @Override
    public void sends(StreamMapping stream, Map<Sendable, WriteOp> ops) {
        sending.clear();
        ops.forEach((sendable, op) -> sending.put(op.opId(), sendable));
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) {
        var mapping = config.streams().stream()
                .filter(one -> one.stream().equals(stream))
                .findFirst()
                .orElseThrow();
        var results = new ArrayList<WriteResult>();
        for (var op : ops) {
            var refusal = refusal(stream, op);
            if (refusal == null) watcher.written(key(op), mapping, sending.get(op.opId()));
            results.add(refusal == null ? done(stream, op, options.linkKeyField()) : refusal);
        }
        return results;
    }

    @Override
    public MergeResult merge(MergeCommand command) {
        var mapping = config.streams().stream()
                .filter(one -> one.stream().equals(command.winner().stream()))
                .findFirst()
                .orElseThrow();
        for (var sent : sending.values()) {
            var target = sent.change().target();
            watcher.written(made.getOrDefault(target.externalId(), target.toString()), mapping, sent);
        }
        return new MergeResult.Done(command.winner(), command.losers());
    }

    @Override
    public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) {
        var mapping = config.streams().stream()
                .filter(one -> one.stream().equals(stream))
                .findFirst()
                .orElseThrow();
        var results = new ArrayList<WriteResult>();
        idsByOp.forEach((op, id) -> {
            var key = sending.get(op).change().key();
            watcher.written(key, mapping, sending.get(op));
            made.put(id, key);
            var asItWas = record(stream, id, Map.of(), null); // what is not told of a record stays
            results.add(new WriteResult.Applied(op, id, false, null, asItWas));
        });
        return results;
    }

    @Override
    public MergeResult poll(String handle) {
        throw new IllegalArgumentException("no merge is pending: " + handle);
    }

    private String key(WriteOp op) {
        var change = sending.get(op.opId()).change();
        if (op instanceof WriteOp.Create) return change.key();
        return made.getOrDefault(change.target().externalId(), change.target().toString());
    }

    /** What the system does not offer it would refuse; null if it offers it. */
    private WriteResult refusal(String stream, WriteOp op) {
        var description = describe(stream);
        if (description == null) return null;
        var can = description.can().ops();
        boolean offered = op instanceof WriteOp.Create
                ? can.contains(Op.CREATE)
                : op instanceof WriteOp.Delete
                        ? can.contains(Op.DELETE) || can.contains(Op.ARCHIVE)
                        : can.contains(Op.UPDATE);
        if (!offered) return refused(op, RecordError.Code.UNSUPPORTED, null, config.id() + " does not offer it");
        if (op instanceof WriteOp.Update update && !update.clear().isEmpty() && !can.contains(Op.CLEAR_FIELD)) {
            var field = update.clear().stream().sorted().findFirst().orElseThrow();
            return refused(op, RecordError.Code.FIELD_NOT_WRITABLE, field, config.id() + " cannot make a field empty");
        }
        return null;
    }

    private static WriteResult refused(WriteOp op, RecordError.Code code, String field, String why) {
        return new WriteResult.Rejected(op.opId(), new RecordError(code, field, why, why, List.of(), false));
    }

    private WriteResult done(String stream, WriteOp op, String linkKeyField) {
        var fields = new LinkedHashMap<String, Object>();
        var target = sending.get(op.opId()).target();
        boolean tellsTimes = target == null || target.sourceAt() != null;
        var at = tellsTimes ? clock.instant() : null;
        if (op instanceof WriteOp.Create create) {
            for (var field : translators.get(stream).fields()) fields.put(field, null);
            fields.putAll(create.set());
            if (linkKeyField != null) fields.put(linkKeyField, create.linkKey());
            var id = "(new " + (made.size() + 1) + ")"; // no system gives such ids
            made.put(id, key(op));
            return new WriteResult.Applied(op.opId(), id, true, null, record(stream, id, fields, at));
        }
        if (op instanceof WriteOp.Update update) {
            if (target != null) fields.putAll(known(stream, target));
            fields.putAll(update.set());
            update.clear().forEach(field -> fields.put(field, null));
            return new WriteResult.Applied(
                    op.opId(), update.id(), false, null, record(stream, update.id(), fields, at));
        }
        return new WriteResult.Applied(op.opId(), ((WriteOp.Delete) op).id(), false, null, null);
    }

    /** What the hub knows a record to hold, as far as the system's own form of it can be told from that. */
    private Map<String, Object> known(String stream, SourceRecord record) {
        var translator = translators.get(stream);
        var description = describe(stream);
        var images = translator.images(record.attributes(), description);
        var stable = new HashMap<>(record.attributes());
        stable.entrySet().removeIf(entry -> !entry.getValue().equals(images.get(entry.getKey())));
        var there = translator.write(stable, Map.of(), description);
        var fields = new HashMap<>(there.set());
        there.clear().forEach(field -> fields.put(field, null));
        return fields;
    }

    private static NativeRecord record(String stream, String id, Map<String, Object> fields, Instant at) {
        return new NativeRecord(new RecordId(stream, id), fields, at, null, null);
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) {
        var answers = new TreeMap<String, Lookup>();
        for (var id : ids) answers.put(id, new Lookup.Unknown());
        return answers;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values) {
        var answers = new TreeMap<String, List<NativeRecord>>();
        for (var value : values) answers.put(value, List.of());
        return answers;
    }

    @Override
    public String system() {
        return config.id();
    }

    @Override
    public Connector connector() {
        return this;
    }

    @Override
    public Translator translator(StreamMapping stream) {
        return translators.get(stream.stream());
    }

    @Override
    public List<StreamDef> described() {
        return catalogOrNull == null ? List.of() : catalogOrNull.streams();
    }

    @Override
    public void takeIn(StreamMapping stream, List<NativeRecord> found) {
        new Inbound(hub, model, clock, config.id(), stream, this, () -> describe(stream.stream()))
                .takeIn(found, List.of());
    }

    @Override
    public void gone(StreamMapping stream, List<String> ids) {
        // nothing is gone
    }

    @Override
    public void lookUp(StreamMapping stream, List<String> ids) {
        // it is as it was
    }

    @Override
    public CheckReport check() {
        return new CheckReport(true, List.of(), Map.of());
    }

    @Override
    public Catalog discover() {
        return catalogOrNull;
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        boolean writes = catalogOrNull == null
                || catalogOrNull.streams().stream()
                        .anyMatch(stream -> !stream.can().ops().isEmpty());
        boolean offered = Set.of(Writer.class, Merger.class, Restorer.class).contains(type);
        return writes && offered ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
