package io.kintsugi.server.engine.stewardship;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.lifecycle.ResolutionPlanner;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OpenQuestions;
import io.kintsugi.server.engine.shared.ReferenceBook;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * What a draft of an authority policy would make of the goldens that are stored: exactly the values that would survive instead, and
 * exactly the writes that would go out because of it (DA-7). Reads page by page and decides with the code that decides when the draft is
 * published; writes nothing. What waits for resolution meanwhile is seen as it is stored.
 */
public final class AuthorityPreview {
    private static final int PAGE = 500;

    private final HubStore store;
    private final LiveModel model;
    private final LiveModel.Rules rules;
    private final AuthorityPolicy draft;
    private final int samples;
    private final Instant now;
    private final ResolutionPlanner planner;
    private final PlannedWrites writes;

    /**
     * @param samples how many changes of each kind are named at most
     * @param catalogs what a system offers; gives null for one that has not answered yet
     */
    public AuthorityPreview(
            HubStore store,
            LiveModel model,
            AuthorityPolicy draft,
            int samples,
            Instant now,
            Function<String, Catalog> catalogs) {
        this.store = store;
        this.model = model;
        this.rules = model.rules(draft.entityType());
        this.draft = draft;
        this.samples = samples;
        this.now = now;
        this.planner = new ResolutionPlanner(rules.type(), rules.matching(), draft, null);
        this.writes = new PlannedWrites(model, catalogs);
    }

    /**
     * What would change.
     *
     * @param goldens goldens of the type that are in use
     * @param changedGoldens how many of them would have another value
     * @param values how many values would be others
     * @param sources how many values would stay and come from another record
     * @param writes how many records would be written, or created, that are not to be now
     * @param writesBySystem the same by system
     * @param dropped how many writes that are to go out now would not
     * @param changes some of the values that would be others
     * @param writeSample some of the writes
     */
    public record Result(
            long goldens,
            long changedGoldens,
            long values,
            long sources,
            long writes,
            Map<String, Long> writesBySystem,
            long dropped,
            List<Change> changes,
            List<Write> writeSample) {}

    /** @param before null for none; {@code after} likewise, and the records they come from */
    public record Change(
            String golden,
            String label,
            String attribute,
            String before,
            RecordKey beforeFrom,
            String after,
            RecordKey afterFrom,
            String decidedBy) {}

    /** @param values only what would be sent besides what is to be sent now */
    public record Write(String golden, String label, PlannedWrite write) {}

    /** How many goldens there are to look at. */
    public long total() {
        return store.read(tx -> tx.goldens().counts()).getOrDefault(draft.entityType(), 0L);
    }

    /** @param progress told how many goldens are read */
    public Result run(LongConsumer progress) {
        var seen = new Seen();
        var filter = new Filter(draft.entityType(), GoldenState.ACTIVE, null, null, Map.of(), 0, "id", false);
        String cursor = null;
        do {
            var from = cursor;
            cursor = store.read(tx -> {
                Page<GoldenRecord> page = tx.goldens().list(filter, from, PAGE);
                look(tx, page.items(), seen);
                return page.next();
            });
            progress.accept(seen.goldens);
        } while (cursor != null);
        return seen.result();
    }

    private void look(HubTransaction tx, List<GoldenRecord> goldens, Seen seen) {
        var members =
                tx.goldens().members(goldens.stream().map(GoldenRecord::id).toList());
        var book = new ReferenceBook(tx, model.get());
        var questions = OpenQuestions.of(
                tx,
                members.values().stream()
                        .flatMap(List::stream)
                        .map(Member::record)
                        .toList());
        for (var golden : goldens) {
            var records = members.getOrDefault(golden.id(), List.of()).stream()
                    .map(Member::record)
                    .toList();
            seen.goldens++;
            var referents = book.read(rules.type(), records, List.of(golden));
            var after = planner.chosenAnew(golden, records, referents, () -> Long.MAX_VALUE, now);
            seen.values(golden, after);
            boolean waits = records.stream().anyMatch(record -> questions.containsKey(record.key()));
            List<SourceRecord> let = records.stream()
                    .map(record -> ForeignChanges.let(golden, after, record, referents, draft))
                    .toList();
            seen.writes(
                    golden,
                    writes.of(golden, records, referents, rules.authority(), waits),
                    writes.of(after, let, referents, draft, waits));
        }
    }

    /** What was counted so far. */
    private final class Seen {
        private long goldens;
        private long changedGoldens;
        private long changedValues;
        private long sources;
        private long changedWrites;
        private long dropped;
        private final Map<String, Long> bySystem = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private final List<Write> sample = new ArrayList<>();

        void values(GoldenRecord before, GoldenRecord after) {
            boolean any = false;
            var attributes = new TreeSet<>(before.values().keySet());
            attributes.addAll(after.values().keySet());
            for (var attribute : attributes) {
                var old = before.values().get(attribute);
                var value = after.values().get(attribute);
                if (Objects.equals(before.value(attribute), after.value(attribute))) {
                    if (!Objects.equals(from(old), from(value))) sources++;
                    continue;
                }
                any = true;
                changedValues++;
                if (changes.size() < samples) {
                    changes.add(new Change(
                            before.id(),
                            before.label(),
                            attribute,
                            before.value(attribute),
                            from(old),
                            after.value(attribute),
                            from(value),
                            value == null ? null : value.rule()));
                }
            }
            if (any) changedGoldens++;
        }

        private static RecordKey from(GoldenValue value) {
            return value == null ? null : value.from();
        }

        void writes(GoldenRecord golden, List<PlannedWrite> before, List<PlannedWrite> after) {
            var now = byTarget(before);
            var then = byTarget(after);
            then.forEach((target, write) -> {
                var values = new TreeMap<>(write.values());
                if (now.containsKey(target))
                    values.entrySet().removeAll(now.get(target).values().entrySet());
                if (values.isEmpty()) return;
                changedWrites++;
                bySystem.merge(write.system(), 1L, Long::sum);
                if (sample.size() < samples) {
                    var only = new PlannedWrite(write.system(), write.target(), write.kind(), values, write.waits());
                    sample.add(new Write(golden.id(), golden.label(), only));
                }
            });
            now.forEach((target, write) -> {
                var kept = then.get(target);
                boolean all = kept != null
                        && kept.values().keySet().containsAll(write.values().keySet());
                if (!all) dropped++;
            });
        }

        private static Map<String, PlannedWrite> byTarget(List<PlannedWrite> writes) {
            var byTarget = new TreeMap<String, PlannedWrite>();
            for (var write : writes) byTarget.put(write.system() + " " + write.target(), write);
            return byTarget;
        }

        Result result() {
            return new Result(
                    goldens,
                    changedGoldens,
                    changedValues,
                    sources,
                    changedWrites,
                    new HashMap<>(bySystem),
                    dropped,
                    List.copyOf(changes),
                    List.copyOf(sample));
        }
    }
}
