package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OutboxMarks;
import io.kintsugi.server.engine.shared.ReferenceBook;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the systems of some goldens would be sent if they were sent to now. */
final class PlannedWrites {
    private final LiveModel model;

    PlannedWrites(LiveModel model) {
        this.model = model;
    }

    List<PlannedWrite> of(HubTransaction tx, Collection<String> goldenIds) {
        var writes = new ArrayList<PlannedWrite>();
        var goldens = tx.goldens().find(goldenIds);
        var membersOf = tx.goldens().members(goldenIds);
        for (var id : goldenIds) {
            var golden = goldens.get(id);
            if (golden == null || golden.state() != GoldenState.ACTIVE) continue;
            var members = membersOf.getOrDefault(id, List.of()).stream()
                    .map(Member::record)
                    .toList();
            var rules = model.rules(golden.entityType());
            var referents = new ReferenceBook(tx, model.get()).read(rules.type(), members, List.of(golden));
            writes.addAll(of(golden, members, referents, rules.authority()));
        }
        return writes;
    }

    /**
     * @param members records of the golden, in whatever state
     * @param referents what their references lead to; what would be sent names goldens, too
     */
    List<PlannedWrite> of(
            GoldenRecord golden, List<SourceRecord> members, Referents referents, AuthorityPolicy authority) {
        var writes = new ArrayList<PlannedWrite>();
        var types = model.rules(golden.entityType()).attributeTypes();
        for (var system : model.get().systems()) {
            for (var stream : system.streams()) {
                if (!stream.write() || !stream.entityType().equals(golden.entityType())) continue;
                boolean present = false;
                boolean returns = false;
                for (var member : members) {
                    if (!member.key().system().equals(system.id())) continue;
                    returns |= member.state() == RecordState.RETURNING;
                    present |= member.state() != RecordState.RETURNING;
                    if (member.state() != RecordState.LIVE) continue;
                    var writable = OutboxMarks.writable(stream, system.id(), authority, golden, member);
                    var plan = Outbound.plan(golden.values(), referents.inGoldenTerms(member), writable, types);
                    if (!plan.isEmpty()) writes.add(planned(system.id(), member.key(), plan));
                }
                if (!present && (returns || stream.provision())) {
                    var writable = OutboxMarks.writable(stream, system.id(), authority, golden, null);
                    writes.add(planned(system.id(), null, Outbound.plan(golden.values(), null, writable, types)));
                }
            }
        }
        return writes;
    }

    private static PlannedWrite planned(String system, RecordKey target, Map<String, Outbound.Write> plan) {
        var values = new TreeMap<String, String>();
        plan.forEach((attribute, write) -> values.put(attribute, write.value()));
        var kind = target == null ? OutboundChange.Intent.Kind.CREATE : OutboundChange.Intent.Kind.UPDATE;
        return new PlannedWrite(system, target, kind.name(), values);
    }
}
