package io.kintsugi.server.engine;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.GoldenRecord;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Step 9: marks which records of which systems are out of step with their golden. What to write is computed when it is sent. */
final class OutboxMarks {
    private final HubModel model;
    private final LiveModel.Rules rules;
    private final Referents referents;
    private final Instant now;

    OutboxMarks(HubModel model, LiveModel.Rules rules, Referents referents, Instant now) {
        this.model = model;
        this.rules = rules;
        this.referents = referents;
        this.now = now;
    }

    /**
     * Looks at goldens that changed, or hold a dirty record, or one that a question holds back no more; the others were in step or
     * are marked already.
     *
     * @param astray records whose references are to be written whatever they mean
     */
    void mark(
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
        var markers = new ArrayList<Marker>();
        for (var system : model.systems()) {
            for (var stream : system.streams()) {
                if (!stream.write() || !stream.entityType().equals(rules.type().name())) continue;
                for (var id : changed) {
                    var golden = plan.current().get(id);
                    if (golden != null) mark(golden, plan, system, stream, astray, markers);
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
            Set<RecordKey> astray,
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
            boolean waits = gone(plan, golden, system)
                    && !Outbound.held(member).isEmpty(); // for a person, who was asked in the record that is gone
            if (!writes.isEmpty() || waits || astray.contains(member.key())) {
                markers.add(new Marker(golden.id(), system.id(), rules.type().name(), member.key(), now));
            }
        }
        if (twins.size() > 1 && system.duplicates().when() != When.KEEP) {
            for (var twin : twins) { // which of them is to go into which is worked out when it is sent
                markers.add(new Marker(golden.id(), system.id(), rules.type().name(), twin.key(), now));
            }
        }
        once |= gone(plan, golden, system);
        if (!present && (returns || !once && stream.provision())) {
            markers.add(new Marker(golden.id(), system.id(), rules.type().name(), null, now));
        }
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
    static List<String> writable(
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
