package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Linker;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes to a shelf, faultily if the shelf says so. */
final class ShelfWriter implements Writer, Merger, Restorer, Linker {
    private final ShelfConnector connector;
    private final Shelf shelf;

    ShelfWriter(ShelfConnector connector, Shelf shelf) {
        this.connector = connector;
        this.shelf = shelf;
    }

    private boolean has(Fault fault) {
        return shelf.fault == fault;
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        connector.require(stream, List.of());
        connector.call();
        Instant giveUp = shelf.clock.instant().plus(options.deadline());
        List<WriteResult> results = new ArrayList<>();
        for (WriteOp op : ops) results.add(send(op, giveUp));
        if (has(Fault.ANSWERS_ONLY_THE_OPS_THAT_WORKED)) results.removeIf(WriteResult.Rejected.class::isInstance);
        return results;
    }

    private WriteResult send(WriteOp op, Instant giveUp) {
        if (shelf.writesUntilTheCut <= 0) return new WriteResult.NotAttempted(op.opId(), "the shelf does not answer");
        if (!shelf.clock.instant().isBefore(giveUp) && !has(Fault.WRITES_ON_AFTER_THE_DEADLINE))
            return new WriteResult.NotAttempted(op.opId(), "the time is up");
        shelf.clock.pass(shelf.perWrite);
        WriteResult result = write(op);
        boolean late = shelf.clock.instant().isAfter(giveUp) && !has(Fault.WRITES_ON_AFTER_THE_DEADLINE);
        if (late) return new WriteResult.Ambiguous(op.opId(), "no answer within the deadline");
        if (--shelf.writesUntilTheCut > 0) return result;
        return has(Fault.CALLS_A_CUT_WRITE_NOT_ATTEMPTED)
                ? new WriteResult.NotAttempted(op.opId(), "the connection broke")
                : new WriteResult.Ambiguous(op.opId(), "the connection broke before the answer");
    }

    private WriteResult write(WriteOp op) {
        if (op instanceof WriteOp.Create create) return create(create);
        if (op instanceof WriteOp.Delete delete) return delete(delete);
        WriteOp.Update update = (WriteOp.Update) op;
        Map<String, Object> record = shelf.records.get(update.id());
        if (record == null) return rejected(op, Code.NOT_FOUND, null);
        for (String field : update.set().keySet())
            if (!shelf.fields.containsKey(field)) return rejected(op, Code.UNKNOWN_FIELD, field);
        String stale = stale(record, update.expected());
        if (stale != null && !has(Fault.TAKES_STALE_UPDATES)) return rejected(op, Code.VERSION_CONFLICT, stale);
        if (has(Fault.OVERWRITES_FIELDS_NOBODY_NAMED)) record.replaceAll((field, value) -> null);
        Map<String, Object> after = new LinkedHashMap<>(record);
        after.putAll(update.set());
        update.clear().forEach(field -> after.put(field, null));
        shelf.put(update.id(), after);
        return new WriteResult.Applied(op.opId(), update.id(), false, null, null);
    }

    private WriteResult create(WriteOp.Create op) {
        for (Map.Entry<String, Map<String, Object>> each : shelf.records.entrySet())
            if (op.linkKey().equals(each.getValue().get("key")) && !has(Fault.CREATES_A_REPEATED_KEY_AGAIN))
                return rejected(op, Code.DUPLICATE, null, each.getKey());
        String id = shelf.create(Map.of("key", op.linkKey()));
        shelf.records.get(id).putAll(op.set());
        return new WriteResult.Applied(op.opId(), id, true, null, connector.record(id));
    }

    private WriteResult delete(WriteOp.Delete op) {
        if (has(Fault.DECLARES_ARCHIVING_IT_REFUSES)) return rejected(op, Code.UNSUPPORTED, null);
        Map<String, Object> record = shelf.records.get(op.id());
        if (record == null)
            return rejected(op, shelf.archived.containsKey(op.id()) ? Code.DELETED : Code.NOT_FOUND, null);
        String stale = stale(record, op.expected());
        if (stale != null && !has(Fault.TAKES_STALE_DELETES)) return rejected(op, Code.VERSION_CONFLICT, stale);
        shelf.delete(op.id());
        return new WriteResult.Applied(op.opId(), op.id(), false, null, null);
    }

    /** A field that does not hold what was expected; null if all do. */
    private static String stale(Map<String, Object> record, Map<String, Object> expected) {
        for (Map.Entry<String, Object> each : expected.entrySet()) {
            Object is = record.get(each.getKey());
            if (each.getValue() == null ? is != null : !each.getValue().equals(is)) return each.getKey();
        }
        return null;
    }

    private static WriteResult rejected(WriteOp op, Code code, String field, String... existing) {
        return new WriteResult.Rejected(op.opId(), error(code, field, existing));
    }

    private static RecordError error(Code code, String field, String... existing) {
        return new RecordError(code, field, null, "the shelf says " + code, List.of(existing), false);
    }

    @Override
    public MergeResult merge(MergeCommand command) throws ConnectorException {
        connector.call();
        String winner = command.winner().id();
        List<RecordId> losers = command.losers();
        if (!shelf.records.containsKey(winner)) return new MergeResult.Rejected(error(Code.NOT_FOUND, null));
        List<RecordId> there = losers.stream()
                .filter(loser -> shelf.records.containsKey(loser.id()))
                .toList();
        if (there.isEmpty()) return new MergeResult.Rejected(error(Code.NOT_FOUND, null));
        if (has(Fault.MERGES_THE_FIRST_LOSER_ONLY)) there = there.subList(0, 1);
        for (RecordId loser : there) {
            Map<String, Object> kept = shelf.records.get(loser.id());
            shelf.merge(winner, loser.id());
            if (!has(Fault.FORGETS_WHAT_IT_MERGED)) shelf.archived.put(loser.id(), kept);
            if (has(Fault.MERGES_BUT_KEEPS_THE_LOSER)) shelf.put(loser.id(), kept);
        }
        boolean saysAll = has(Fault.SAYS_THAT_ALL_LOSERS_WERE_MERGED) || has(Fault.MERGES_THE_FIRST_LOSER_ONLY);
        return new MergeResult.Done(command.winner(), saysAll ? losers : there);
    }

    @Override
    public MergeResult poll(String handle) {
        throw new IllegalStateException("no merge on a shelf is pending");
    }

    @Override
    public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException {
        connector.require(stream, List.of());
        connector.call();
        List<WriteResult> results = new ArrayList<>();
        idsByOp.forEach((op, id) -> {
            Map<String, Object> record = shelf.archived.get(id);
            if (record == null) {
                results.add(new WriteResult.Rejected(op, error(Code.NOT_FOUND, null)));
                return;
            }
            String back = has(Fault.UNDELETES_UNDER_A_NEW_ID) ? id + "-again" : id;
            shelf.mergedInto.remove(id);
            if (!has(Fault.UNDELETES_NOTHING)) shelf.put(back, shelf.archived.remove(id));
            results.add(new WriteResult.Applied(op, back, false, null, null));
        });
        return results;
    }

    @Override
    public List<WriteResult> link(String relation, List<LinkOp> ops) {
        return List.of();
    }
}
