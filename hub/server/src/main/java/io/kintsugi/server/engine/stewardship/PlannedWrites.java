package io.kintsugi.server.engine.stewardship;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange.Intent.Kind;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.outbound.NativeUndelete;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OpenQuestions;
import io.kintsugi.server.engine.shared.OutboxMarks;
import io.kintsugi.server.engine.shared.ReferenceBook;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What the systems of some goldens would be sent if they were sent to now. */
final class PlannedWrites {
    private final LiveModel model;
    private final Function<String, Catalog> catalogs;

    /** @param catalogs what a system can do; gives null for one that has not said */
    PlannedWrites(LiveModel model, Function<String, Catalog> catalogs) {
        this.model = model;
        this.catalogs = catalogs;
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
            boolean waits = !OpenQuestions.of(tx, members).isEmpty();
            writes.addAll(of(golden, members, referents, rules.authority(), waits));
        }
        return writes;
    }

    /**
     * @param members records of the golden, in whatever state
     * @param referents what their references lead to; what would be sent names goldens, too
     * @param waits whether a question about the golden is open, for which creates wait
     */
    List<PlannedWrite> of(
            GoldenRecord golden,
            List<SourceRecord> members,
            Referents referents,
            AuthorityPolicy authority,
            boolean waits) {
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
                    if (!plan.isEmpty()) writes.add(planned(system.id(), member.key(), Kind.UPDATE, plan, false));
                }
                if (!present && (returns || stream.provision())) {
                    var back = back(members, stream, system.id());
                    var terms = back == null ? null : referents.inGoldenTerms(back);
                    var writable = OutboxMarks.writable(stream, system.id(), authority, golden, back);
                    var plan = Outbound.plan(golden.values(), terms, writable, types);
                    writes.add(
                            back == null
                                    ? planned(system.id(), null, Kind.CREATE, plan, waits)
                                    : planned(system.id(), back.key(), Kind.UNDELETE, plan, waits));
                }
            }
        }
        return writes;
    }

    /** The record that the system is asked for instead of creating one; null if there is none, or it cannot bring one back. */
    private SourceRecord back(List<SourceRecord> members, StreamMapping stream, String system) {
        if (!NativeUndelete.offered(MergePlans.describe(catalogs.apply(system), stream))) return null;
        var there = members.stream()
                .filter(member -> member.key().system().equals(system))
                .toList();
        var back = NativeUndelete.of(there, false, null, stream).orElse(null);
        return there.stream()
                .filter(member -> member.key().equals(back))
                .findFirst()
                .orElse(null);
    }

    private static PlannedWrite planned(
            String system, RecordKey target, Kind kind, Map<String, Outbound.Write> plan, boolean waits) {
        var values = new TreeMap<String, String>();
        plan.forEach((attribute, write) -> values.put(attribute, write.value()));
        return new PlannedWrite(system, target, kind.name(), values, waits);
    }
}
