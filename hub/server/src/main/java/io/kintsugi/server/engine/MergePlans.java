package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Method;
import io.kintsugi.core.lifecycle.MergePlan.Overwrite;
import io.kintsugi.core.lifecycle.MergePlan.Target;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.Stewardship.PlannedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Says of a merge what it means for each system and how far it can be taken back, from what would be written. */
final class MergePlans {
    private final HubModel model;
    private final LiveModel.Rules rules;
    private final Function<String, Catalog> catalogs;

    /** @param catalogs what a system can do; gives null for one that has not said */
    MergePlans(HubModel model, LiveModel.Rules rules, Function<String, Catalog> catalogs) {
        this.model = model;
        this.rules = rules;
        this.catalogs = catalogs;
    }

    /**
     * @param before records of each golden that becomes part of the merged one
     * @param merged the golden as it would be
     * @param writes what would be written
     */
    MergePlan of(Collection<List<Member>> before, GoldenRecord merged, List<PlannedWrite> writes) {
        var created = new TreeSet<String>();
        for (var write : writes) if (write.target() == null) created.add(write.system());
        var targets = new ArrayList<Target>();
        for (var side : before) {
            for (var member : side) {
                var record = member.record();
                if (record.state() != RecordState.LIVE) continue;
                var stream = stream(record).filter(StreamMapping::write);
                targets.add(new Target(
                        record.key(),
                        member.membership().since(),
                        stream.isPresent(),
                        stream.map(fields -> overwrites(record, fields, merged, side))
                                .orElse(List.of())));
            }
        }
        var ways = new HashMap<String, Method>();
        for (var target : targets) {
            var system = target.record().system();
            var description = describe(system, rules.type().name());
            Folding.way(Folding.policy(model, system), description)
                    .ifPresent(way -> ways.put(system, Method.valueOf(way.name())));
        }
        return MergePlan.of(targets, created, ways);
    }

    private StreamDef describe(String system, String entityType) {
        var catalog = catalogs.apply(system);
        var stream = DeletionBook.writable(model, system, entityType);
        if (catalog == null || stream.isEmpty()) return null;
        return catalog.streams().stream()
                .filter(def -> def.name().equals(stream.get().stream()))
                .findFirst()
                .orElse(null);
    }

    /** What may be written while the merge stands: more than what would be written now, because others go on editing. */
    private List<Overwrite> overwrites(
            SourceRecord record, StreamMapping stream, GoldenRecord merged, List<Member> side) {
        var overwrites = new ArrayList<Overwrite>();
        for (var field : stream.fields()) {
            var attribute = field.attribute();
            boolean empty = record.value(attribute) == null;
            var mode = rules.authority()
                    .rule(attribute, merged::value)
                    .writeTo(record.key().system());
            boolean may = mode == WriteMode.ALWAYS || mode == WriteMode.IF_BLANK && empty;
            if (!field.writable() || !may) continue;
            boolean known = record.attributes().containsKey(attribute);
            var state = record.states().get(attribute);
            boolean kept = state != null
                    && state.copied()
                    && side.stream().noneMatch(member -> says(member.record(), attribute));
            overwrites.add(new Overwrite(attribute, known, clears(record), mode == WriteMode.IF_BLANK, kept));
        }
        return overwrites;
    }

    /** Whether a system itself says that a record has a value. */
    private static boolean says(SourceRecord record, String attribute) {
        var state = record.states().get(attribute);
        return record.state() == RecordState.LIVE
                && record.value(attribute) != null
                && (state == null || !state.copied());
    }

    private Optional<StreamMapping> stream(SourceRecord record) {
        return model.system(record.key().system()).flatMap(system -> system.streams().stream()
                .filter(stream -> stream.stream().equals(record.stream()))
                .findFirst());
    }

    private boolean clears(SourceRecord record) {
        var catalog = catalogs.apply(record.key().system());
        return catalog != null
                && catalog.streams().stream()
                        .filter(stream -> stream.name().equals(record.stream()))
                        .anyMatch(stream -> stream.can().ops().contains(Op.CLEAR_FIELD));
    }
}
