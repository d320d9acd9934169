package io.kintsugi.server.engine.stewardship;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Method;
import io.kintsugi.core.lifecycle.MergePlan.Overwrite;
import io.kintsugi.core.lifecycle.MergePlan.Target;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange.Intent.Kind;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.deletion.DeletionBook;
import io.kintsugi.server.engine.outbound.NativeUndelete;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
        for (var write : writes) if (!write.kind().equals(Kind.UPDATE.name())) created.add(write.system());
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
                        stream.map(fields -> overwrites(record, fields, merged, side, SourceRecord::attributes))
                                .orElse(List.of())));
            }
        }
        return MergePlan.of(targets, created, ways(targets), undeletes());
    }

    /**
     * How far a merge that stands can be taken back now.
     *
     * @param golden the one that holds it
     * @param members all of it
     * @param held what each held when they became one
     * @param made records among them that the hub created
     * @param goOn those among them that are there as another record, because their system made a new one when the hub merged
     * @param creates systems that are to get a record
     */
    MergePlan standing(
            MergeEvent event,
            GoldenRecord golden,
            List<Member> members,
            Function<SourceRecord, Map<String, String>> held,
            Set<RecordKey> made,
            Set<RecordKey> goOn,
            Set<String> creates) {
        var from = event.sides();
        var sides = new HashMap<String, List<Member>>();
        for (var member : members) {
            var side = from.getOrDefault(member.record().key(), event.survivor());
            if (!cameLater(event, member))
                sides.computeIfAbsent(side, id -> new ArrayList<>()).add(member);
        }
        var created = new TreeSet<>(creates);
        var gone = new TreeMap<RecordKey, RecordState>();
        var targets = new ArrayList<Target>();
        for (var member : members) {
            var record = member.record();
            boolean later = cameLater(event, member);
            if (record.state().gone()) gone.put(record.key(), record.state());
            if (record.state() != RecordState.LIVE) continue;
            if (later && (record.provisioned() || made.contains(record.key())))
                created.add(record.key().system());
            var side = sides.getOrDefault(from.getOrDefault(record.key(), event.survivor()), List.of());
            var stream = stream(record).filter(StreamMapping::write);
            targets.add(new Target(
                    record.key(),
                    member.membership().since(),
                    stream.isPresent(),
                    stream.map(fields -> overwrites(record, fields, golden, side, held))
                            .orElse(List.of())));
        }
        return MergePlan.of(targets, created, ways(targets), undeletes()).since(gone, goOn, undeletes());
    }

    /** Whether a record was part of neither side. */
    static boolean cameLater(MergeEvent event, Member member) {
        return member.membership().since().isAfter(event.at())
                && !event.sides().containsKey(member.record().key());
    }

    private Map<String, Method> ways(List<Target> targets) {
        var ways = new HashMap<String, Method>();
        for (var target : targets) {
            var system = target.record().system();
            var description = describe(system, rules.type().name());
            Folding.way(Folding.policy(model, system), description)
                    .ifPresent(way -> ways.put(system, Method.valueOf(way.name())));
        }
        return ways;
    }

    /** Systems that bring back what goes by a merge; one that has not said so is none of them. */
    private Set<String> undeletes() {
        var undeletes = new TreeSet<String>();
        for (var system : model.systems()) {
            var description = describe(system.id(), rules.type().name());
            if (!NativeUndelete.offered(description)) continue;
            var merge = description.can().merge();
            if (merge == null || merge.reversible()) undeletes.add(system.id());
        }
        return undeletes;
    }

    private StreamDef describe(String system, String entityType) {
        return DeletionBook.writable(model, system, entityType)
                .map(stream -> describe(catalogs.apply(system), stream))
                .orElse(null);
    }

    /** A stream as its system describes it; null if that has not said so. */
    static StreamDef describe(Catalog catalogOrNull, StreamMapping stream) {
        if (catalogOrNull == null) return null;
        return catalogOrNull.streams().stream()
                .filter(def -> def.name().equals(stream.stream()))
                .findFirst()
                .orElse(null);
    }

    /**
     * What was written, and what may be while the merge stands: more than what would be written now, because others go on editing.
     *
     * @param held what records held when the merge was made
     */
    private List<Overwrite> overwrites(
            SourceRecord record,
            StreamMapping stream,
            GoldenRecord merged,
            List<Member> side,
            Function<SourceRecord, Map<String, String>> held) {
        var overwrites = new ArrayList<Overwrite>();
        for (var field : stream.fields()) {
            var attribute = field.attribute();
            boolean empty = record.value(attribute) == null;
            var mode = rules.authority()
                    .rule(attribute, merged::value)
                    .writeTo(record.key().system());
            boolean may = field.writable() && (mode == WriteMode.ALWAYS || mode == WriteMode.IF_BLANK && empty);
            var state = record.states().get(attribute);
            boolean copied = state != null && state.copied();
            var before = held.apply(record).get(attribute);
            boolean written =
                    copied && !Objects.equals(before, record.attributes().get(attribute));
            if (!may && !written) continue;
            boolean said = side.stream().anyMatch(member -> says(member.record(), attribute, held));
            // what was written over is given back as far as its system had said it
            boolean own = written && Objects.equals(before, state.original() == null ? "" : state.original());
            overwrites.add(new Overwrite(
                    attribute,
                    before != null,
                    clears(record),
                    !field.writable() || mode != WriteMode.ALWAYS,
                    copied && !said && !own));
        }
        return overwrites;
    }

    /** Whether a system itself says, or said until the merge wrote over it, that a record has a value. */
    private static boolean says(
            SourceRecord record, String attribute, Function<SourceRecord, Map<String, String>> held) {
        if (record.state() != RecordState.LIVE) return false;
        var state = record.states().get(attribute);
        if (state == null || !state.copied()) return record.value(attribute) != null;
        var before = held.apply(record).get(attribute);
        return before != null
                && !before.isEmpty()
                && before.equals(state.original())
                && !before.equals(record.attributes().get(attribute));
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
