package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.Merger.MergeCommand;
import io.kintsugi.connector.spi.Merger.MergeResult;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Merges records into another by the system's own merge, and says what is known of each afterwards. */
final class NativeMerge {
    private static final int LOOK = 200;

    private NativeMerge() {}

    /** Whether a stream has a merge of its own; not, as long as it has not said so. */
    static boolean offered(StreamDef description) {
        return description != null && description.can().ops().contains(Op.MERGE);
    }

    /** Merges into one record each, that go in one call. */
    static Collection<List<Sendable>> byWinner(List<Sendable> merges) {
        var byWinner = new LinkedHashMap<RecordKey, List<Sendable>>();
        for (var merge : merges) {
            byWinner.computeIfAbsent(merge.change().intent().into(), into -> new ArrayList<>())
                    .add(merge);
        }
        return byWinner.values();
    }

    /**
     * @param merger null if the system has none after all
     * @param batch merges into one record, at most as many as the system takes
     * @return what became of each
     * @throws ConnectorException only when nothing can have been merged
     */
    static Map<Sendable, Outcome> ask(Merger merger, String stream, List<Sendable> batch, Instant now)
            throws ConnectorException {
        var first = batch.get(0).change();
        if (merger == null) return each(batch, new Outcome.Stuck(first.system() + " cannot merge records"));
        var losers = new ArrayList<RecordId>();
        for (var sent : batch) losers.add(loser(stream, sent));
        var winner = new RecordId(stream, first.intent().into().externalId());
        var result = merger.merge(new MergeCommand(first.intent().id(), winner, losers, Map.of(), Set.of()));
        if (result instanceof MergeResult.Done done) {
            var left = new Outcome.Again(first.system() + " merged others and left it out", false);
            var outcomes = new HashMap<Sendable, Outcome>();
            for (var sent : batch) {
                outcomes.put(sent, done.retired().contains(loser(stream, sent)) ? new Outcome.Folded() : left);
            }
            return outcomes;
        }
        if (result instanceof MergeResult.Rejected rejected) {
            var refused = Reply.refused(rejected.error());
            boolean alone = batch.size() == 1; // one of several may be in the way of the others
            return each(batch, alone ? refused : new Outcome.Again("refused with others: " + why(rejected), false));
        }
        if (result instanceof MergeResult.Pending pending) {
            return each(
                    batch, new Outcome.Unknown("the system works on the merge", now.plus(pending.pollAfter()), false));
        }
        var why = ((MergeResult.Ambiguous) result).why();
        return each(batch, new Outcome.Unknown(why, now.plus(Reply.ASK_AFTER), false));
    }

    private static String why(MergeResult.Rejected rejected) {
        return rejected.error().code() + ": " + rejected.error().message();
    }

    private static RecordId loser(String stream, Sendable sent) {
        return new RecordId(stream, sent.change().target().externalId());
    }

    private static Map<Sendable, Outcome> each(List<Sendable> batch, Outcome outcome) {
        var outcomes = new HashMap<Sendable, Outcome>();
        for (var sent : batch) outcomes.put(sent, outcome);
        return outcomes;
    }

    /** What the connector is said to be asked for. */
    static Map<Sendable, WriteOp> ops(List<Sendable> batch) {
        var ops = new LinkedHashMap<Sendable, WriteOp>();
        for (var sent : batch) {
            var id = sent.change().target().externalId();
            ops.put(sent, new WriteOp.Delete(sent.change().intent().id(), id, Map.of(), null));
        }
        return ops;
    }

    /** Reads what refers to records that their system merged: it may have let that refer to others, and not say so. */
    static void lookAtChildren(HubStore store, HubModel model, Dispatcher.Outlet outlet, Collection<RecordKey> parents)
            throws ConnectorException {
        if (parents.isEmpty()) return;
        var byStream = new TreeMap<String, TreeSet<String>>();
        for (var child : store.read(tx -> Children.of(tx, model, parents))) {
            byStream.computeIfAbsent(child.record().stream(), name -> new TreeSet<>())
                    .add(child.record().key().externalId());
        }
        for (var stream : model.system(outlet.system()).orElseThrow().streams()) {
            var ids = List.copyOf(byStream.getOrDefault(stream.stream(), new TreeSet<>()));
            for (int from = 0; from < ids.size(); from += LOOK) {
                outlet.lookUp(stream, ids.subList(from, Math.min(from + LOOK, ids.size())));
            }
        }
    }
}
