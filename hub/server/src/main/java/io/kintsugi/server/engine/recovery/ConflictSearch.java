package io.kintsugi.server.engine.recovery;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.sync.Equivalence;
import io.kintsugi.server.engine.recovery.Certificate.Candidate;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import io.kintsugi.server.engine.recovery.RecoveryState.Standing;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds attributes of golden records that somebody changed since the silence began and that did not simply go on: changed in two
 * places to different values, or changed where another system is trusted more. Goes by golden record, not by what was read of each
 * system, so that each is looked at once without anybody having to remember which were. Immutable.
 */
final class ConflictSearch {
    private static final int PAGE = 500;
    private static final Filter BY_ID = new Filter(null, null, null, null, Map.of(), 0, "id", false);
    private final LiveModel model;
    private final Instant begun;
    private final Instant since;
    private final Set<String> systems = new TreeSet<>();
    private final Set<String> types = new TreeSet<>();

    /** @param state tells who takes part, and since when */
    ConflictSearch(LiveModel model, RecoveryState state) {
        this.model = model;
        this.begun = state.begun();
        this.since = state.since();
        for (var config : model.get().systems()) {
            var member = state.members().get(config.id());
            if (member == null || member.standing() == Standing.LEFT_OUT) continue;
            systems.add(config.id());
            config.streams().forEach(stream -> types.add(stream.entityType()));
        }
    }

    /**
     * Looks at the next golden records.
     *
     * @param cursor null to begin
     * @return conflicts in their {@linkplain Conflict#ORDER order}; there may be none on a page that is not the last
     */
    Page<Conflict> page(HubTransaction tx, String cursor) {
        var page = tx.goldens().list(BY_ID, cursor, PAGE);
        var byType = new TreeMap<String, Map<String, GoldenRecord>>();
        for (var golden : page.items()) {
            if (!types.contains(golden.entityType())) continue;
            byType.computeIfAbsent(golden.entityType(), type -> new TreeMap<>()).put(golden.id(), golden);
        }
        var conflicts = new ArrayList<Conflict>();
        byType.forEach((type, goldens) -> conflicts.addAll(among(tx, type, goldens)));
        conflicts.sort(Conflict.ORDER);
        return new Page<>(conflicts, page.next());
    }

    private List<Conflict> among(HubTransaction tx, String type, Map<String, GoldenRecord> goldens) {
        var members = new TreeMap<>(tx.goldens().members(goldens.keySet()));
        members.values().removeIf(of -> of.stream().noneMatch(this::touched));
        if (members.isEmpty()) return List.of();
        var rules = model.rules(type);
        var records = members.values().stream()
                .flatMap(List::stream)
                .map(Member::record)
                .toList();
        var met = members.keySet().stream().map(goldens::get).toList();
        var referents = new ReferenceBook(tx, model.get()).read(rules.type(), records, met);
        var conflicts = new ArrayList<Conflict>();
        members.forEach((id, of) -> {
            var golden = goldens.get(id);
            var edited = new TreeMap<String, List<Candidate>>();
            for (var member : of) {
                var record = member.record();
                if (record.state() != RecordState.LIVE) continue;
                var says = referents.inGoldenTerms(record);
                record.attributes().forEach((attribute, value) -> {
                    var at = editedAt(record, attribute);
                    if (at == null || at.isBefore(since)) return;
                    var attributeType = rules.attributeTypes().apply(attribute);
                    var survives = Equivalence.same(attributeType, says.value(attribute), golden.value(attribute));
                    edited.computeIfAbsent(attribute, a -> new ArrayList<>())
                            .add(new Candidate(record.key().toString(), value, at, survives));
                });
            }
            edited.forEach((attribute, candidates) -> {
                if (!candidates.stream().allMatch(Candidate::survives))
                    conflicts.add(conflict(golden, attribute, candidates));
            });
        });
        return conflicts;
    }

    /** Read since the recovery began, of a system that takes part. */
    private boolean touched(Member member) {
        return systems.contains(member.record().key().system())
                && !member.record().observedAt().isBefore(begun);
    }

    private static Conflict conflict(GoldenRecord golden, String attribute, List<Candidate> candidates) {
        var value = golden.values().get(attribute);
        return new Conflict(
                golden.id(),
                golden.entityType(),
                attribute,
                value == null ? null : value.value(),
                value == null || value.from() == null ? null : value.from().toString(),
                value == null ? null : value.rule(),
                candidates);
    }

    /** When its system, not the hub, changed it; null if the hub did, or the system does not say. */
    private static Instant editedAt(SourceRecord record, String attribute) {
        var state = record.states().get(attribute);
        if (state == null) return record.attributes().get(attribute).isEmpty() ? null : record.sourceAt();
        return state.copied() ? null : state.changedAt();
    }
}
