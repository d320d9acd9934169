package io.kintsugi.server.engine.shared;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.sync.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Step 9: marks which records of which systems are out of step with their golden. What to write is computed when it is sent. */
public final class OutboxMarks {
    /** What was changed longer ago than this before it is resolved is backlog. */
    public static final Duration FRESH = Duration.ofHours(1);

    private final HubModel model;
    private final LiveModel.Rules rules;
    private final Referents referents;
    private final Instant now;
    private final boolean decided;

    /** @param decided whether a person in the hub wants it, rather than what systems told leads to it */
    public OutboxMarks(HubModel model, LiveModel.Rules rules, Referents referents, Instant now, boolean decided) {
        this.model = model;
        this.rules = rules;
        this.referents = referents;
        this.now = now;
        this.decided = decided;
    }

    /**
     * Looks at goldens that changed, or hold a dirty record, or one that a question holds back no more; the others were in step or
     * are marked already.
     *
     * @param astray records whose references are to be written whatever they mean
     */
    public void mark(
            HubTransaction tx,
            ResolutionPlan plan,
            Set<RecordKey> dirty,
            Set<RecordKey> released,
            Set<RecordKey> astray) {
        var changed = new HashSet<String>();
        for (GoldenRecord golden : plan.goldens()) changed.add(golden.id());
        plan.members().forEach((id, members) -> {
            if (members.stream()
                    .map(SourceRecord::key)
                    .anyMatch(key -> dirty.contains(key) || released.contains(key))) {
                changed.add(id);
            }
        });
        plan.gone().forEach((id, records) -> { // what a reference of theirs leads to may have come
            if (records.stream().anyMatch(dirty::contains)) changed.add(id);
        });
        var markers = new ArrayList<Marker>();
        for (var system : model.systems()) {
            for (var stream : system.streams()) {
                if (!stream.write() || !stream.entityType().equals(rules.type().name())) continue;
                for (var id : changed) {
                    var golden = plan.current().get(id);
                    if (golden == null) continue;
                    var cause = cause(plan.members().get(id), dirty);
                    mark(golden, plan, system, stream, dirty, astray, cause, markers);
                }
            }
        }
        tx.outbox().mark(markers);
    }

    private void mark(
            GoldenRecord golden,
            ResolutionPlan plan,
            SystemConfig system,
            StreamMapping stream,
            Set<RecordKey> dirty,
            Set<RecordKey> astray,
            Cause cause,
            List<Marker> markers) {
        boolean present = false;
        boolean once = false;
        boolean returns = false;
        var twins = new ArrayList<SourceRecord>();
        for (SourceRecord member : plan.members().get(golden.id())) {
            if (!member.key().system().equals(system.id()) || !member.stream().equals(stream.stream())) continue;
            returns |= member.state() == RecordState.RETURNING;
            once |= member.state().gone();
            if (member.state() != RecordState.LIVE) continue;
            present = true;
            twins.add(member);
            var writable = writable(stream, system.id(), rules.authority(), golden, member);
            var writes =
                    Outbound.plan(golden.values(), referents.inGoldenTerms(member), writable, rules.attributeTypes());
            boolean waits =
                    dirty.contains(member.key()) && !Outbound.held(member).isEmpty(); // for a person
            if (!writes.isEmpty() || waits || astray.contains(member.key())) {
                var why = astray.contains(member.key()) ? cause.or(Cause.REFERENCE) : cause;
                markers.add(new Marker(golden.id(), system.id(), rules.type().name(), member.key(), now, why));
            }
        }
        if (twins.size() > 1 && system.duplicates().when() != When.KEEP) {
            for (var twin : twins) { // which of them is to go into which is worked out when it is sent
                markers.add(new Marker(golden.id(), system.id(), rules.type().name(), twin.key(), now, cause));
            }
        }
        once |= gone(plan, golden, system);
        if (!present && (returns || !once && stream.provision())) {
            markers.add(new Marker(golden.id(), system.id(), rules.type().name(), null, now, cause));
        }
    }

    /**
     * What somebody has just done in a system goes before what was there long before the hub learnt of it: first loads, what happened
     * during an outage, and records that are looked at again because a policy changed.
     */
    private Cause cause(List<SourceRecord> members, Set<RecordKey> dirty) {
        if (decided) return Cause.DECISION;
        boolean fresh =
                members.stream().filter(member -> dirty.contains(member.key())).anyMatch(this::isFresh);
        return fresh ? Cause.EDIT : Cause.BACKLOG;
    }

    /** Where a system does not say when a record changed, the instant of its first reading says nothing about it. */
    private boolean isFresh(SourceRecord record) {
        boolean first = record.sourceAt() == null && record.states().isEmpty();
        var changedAt = record.sourceAt() == null ? record.observedAt() : record.sourceAt();
        return !first && changedAt.isAfter(now.minus(FRESH));
    }

    /** Whether records of a golden are gone from a system, as those are that went into another one. */
    private static boolean gone(ResolutionPlan plan, GoldenRecord golden, SystemConfig system) {
        return plan.gone().getOrDefault(golden.id(), List.of()).stream()
                .anyMatch(key -> key.system().equals(system.id()));
    }

    /**
     * Attributes that the mapping and the policy let the hub write to a record.
     *
     * @param target null for one to create
     */
    public static List<String> writable(
            StreamMapping stream, String system, AuthorityPolicy authority, GoldenRecord golden, SourceRecord target) {
        return stream.fields().stream()
                .filter(StreamMapping.FieldMapping::writable)
                .map(StreamMapping.FieldMapping::attribute)
                .filter(attribute -> switch (authority
                        .rule(attribute, golden::value)
                        .writeTo(system)) {
                    case ALWAYS -> true;
                    case IF_BLANK -> target == null || target.value(attribute) == null;
                    case ON_CREATE_ONLY -> target == null;
                    case NEVER -> false;
                })
                .toList();
    }
}
