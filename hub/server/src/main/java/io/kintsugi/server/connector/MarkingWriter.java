package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.server.connector.MarkingConnector.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deletes by a mark, and brings back by taking it away: each is an update of the record as it was just read. */
record MarkingWriter(MarkingConnector connector, Connector inner, Writer writer) implements Writer, Restorer {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        var mark = connector.mark(stream);
        var deleted = ops.stream()
                .filter(WriteOp.Delete.class::isInstance)
                .map(op -> ((WriteOp.Delete) op).id())
                .toList();
        if (mark.isEmpty() || deleted.isEmpty()) return writer.write(stream, ops, options);
        var there = look(mark.get(), deleted);
        var results = new ArrayList<WriteResult>();
        var send = new ArrayList<WriteOp>();
        for (var op : ops) {
            if (!(op instanceof WriteOp.Delete delete)) {
                send.add(op);
            } else if (there.get(delete.id()) instanceof Lookup.Found found
                    && !mark.get().isOn(found.record())) {
                send.add(marking(mark.get(), delete, found.record()));
            } else {
                results.add(refused(op.opId(), there.get(delete.id())));
            }
        }
        if (!send.isEmpty()) results.addAll(writer.write(stream, send, options));
        return results;
    }

    /** What the field holds is kept before anything leaves. */
    private static WriteOp marking(Mark mark, WriteOp.Delete delete, NativeRecord there) {
        var field = mark.when().field();
        var held = there.fields().get(field);
        mark.memory().keep(mark.keys().apply(delete.id()), field, Translator.text(held));
        var expected = new HashMap<>(delete.expected());
        expected.put(field, held);
        var version = delete.expectedVersion() == null ? there.version() : delete.expectedVersion();
        return new WriteOp.Update(
                delete.opId(), delete.id(), set(mark, mark.when().value()), Set.of(), expected, version);
    }

    private static Map<String, Object> set(Mark mark, String value) {
        var field = mark.when().field();
        return Map.of(field, Translator.typed(value, field, mark.stream()));
    }

    @Override
    public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException {
        var mark = connector.mark(stream);
        if (mark.isEmpty()) return bring(stream, idsByOp);
        var there = look(mark.get(), new LinkedHashSet<>(idsByOp.values()));
        var results = new ArrayList<WriteResult>();
        var send = new ArrayList<WriteOp>();
        var others = new LinkedHashMap<String, String>();
        idsByOp.forEach((op, id) -> {
            if (!(there.get(id) instanceof Lookup.Found found)) {
                others.put(op, id);
            } else if (!mark.get().isOn(found.record())) {
                results.add(
                        new WriteResult.Applied(op, id, false, found.record().version(), found.record()));
            } else {
                unmarking(mark.get(), op, found.record(), send, results);
            }
        });
        if (!send.isEmpty()) results.addAll(writer.write(stream, send, new WriteOptions(null, DEADLINE)));
        if (!others.isEmpty()) results.addAll(gone(stream, others, there, !send.isEmpty()));
        return results;
    }

    private static void unmarking(
            Mark mark, String op, NativeRecord there, List<WriteOp> send, List<WriteResult> results) {
        var id = there.id().id();
        var field = mark.when().field();
        var former = mark.memory()
                .kept(mark.keys().apply(id), field)
                .filter(value -> !value.equals(mark.when().value()))
                .orElse(mark.when().otherwise());
        if (former == null) {
            var why = "it is not known what " + field + " of " + id + " was before; set it by hand, or say otherwise in"
                    + " the mapping";
            results.add(rejected(op, Code.VALIDATION, why));
            return;
        }
        var expected = new HashMap<String, Object>();
        expected.put(field, there.fields().get(field));
        send.add(new WriteOp.Update(
                op,
                id,
                former.isEmpty() ? Map.of() : set(mark, former),
                former.isEmpty() ? Set.of(field) : Set.of(),
                expected,
                there.version()));
    }

    /** What is not there with a mark: the system may know how to bring it back by itself. */
    private List<WriteResult> gone(
            String stream, Map<String, String> idsByOp, Map<String, Lookup> there, boolean written)
            throws ConnectorException {
        try {
            if (inner.facet(Restorer.class).isPresent()) return bring(stream, idsByOp);
        } catch (ConnectorException e) {
            if (!written) throw e;
            return idsByOp.keySet().stream()
                    .<WriteResult>map(op -> new WriteResult.NotAttempted(op, e.getMessage()))
                    .toList();
        }
        var results = new ArrayList<WriteResult>();
        idsByOp.forEach((op, id) -> results.add(refused(op, there.get(id))));
        return results;
    }

    private List<WriteResult> bring(String stream, Map<String, String> idsByOp) throws ConnectorException {
        var restorer = inner.facet(Restorer.class);
        if (restorer.isPresent()) return restorer.get().undelete(stream, idsByOp);
        return idsByOp.keySet().stream()
                .<WriteResult>map(op -> rejected(op, Code.UNSUPPORTED, "the system brings nothing back"))
                .toList();
    }

    private Map<String, Lookup> look(Mark mark, Collection<String> ids) throws ConnectorException {
        return inner.lookups()
                .byId(new Query(mark.stream().name(), List.of(mark.when().field())), ids);
    }

    /** @param answer what is there instead of the record as it was to be; null if the system said nothing */
    private static WriteResult refused(String op, Lookup answer) {
        if (answer instanceof Lookup.Found) return rejected(op, Code.DELETED, "it is marked as deleted already");
        if (answer instanceof Lookup.Gone) return rejected(op, Code.DELETED, "it is gone");
        if (answer instanceof Lookup.MergedInto) return rejected(op, Code.MERGED_AWAY, "it was merged into another");
        return new WriteResult.Ambiguous(op, "the system does not show the record");
    }

    private static WriteResult rejected(String op, Code code, String why) {
        return new WriteResult.Rejected(op, new RecordError(code, null, code.name(), why, List.of(), false));
    }
}
