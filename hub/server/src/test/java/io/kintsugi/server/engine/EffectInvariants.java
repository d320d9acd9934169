package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Row;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.store.Goldens.Member;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What must hold whenever a write of the hub takes effect; numbers are those of the invariants in the documentation of the sync. */
final class EffectInvariants {
    private final History history;

    EffectInvariants(History history) {
        this.history = history;
    }

    /** No edit of a person is overwritten before the hub has seen it, except where the system cannot compare. */
    void ofEffect(SimulatedSystem.Effect effect) {
        if (effect.before() == null) return;
        if (effect.after() == null) {
            history.deletions.ofEffect(effect);
            return;
        }
        var key = new RecordKey(effect.system(), "contact", effect.before().id());
        ofLane(key, effect.op());
        for (var field : History.EDITED) {
            var before = effect.before().cells().get(field);
            ofBlank(key, field, before, effect);
            if (before == null || before.byHub()) continue;
            if (Objects.equals(before.value(), effect.after().value(field))) continue;
            var known = history.store.read(tx -> tx.records().find(List.of(key)).get(key));
            var held = known == null ? null : known.attributes().get(field);
            var was = before.value() == null ? "" : before.value(); // a person may have cleared it
            if (held != null && held.strip().equals(was.strip())) continue;
            boolean compares = history.systems.get(effect.system()).nature().has(Trait.CONDITIONAL);
            if (!compares) {
                history.raceLost++;
                continue;
            }
            history.violate(
                    "LOST_EDIT",
                    key + " " + field + ": " + before.value() + " was overwritten with "
                            + effect.after().value(field) + " while the hub believed " + held);
        }
    }

    /** Where an empty value says nothing, and nothing that was said can go away, no value is taken from a system. */
    private void ofBlank(RecordKey key, String field, Row.Cell before, SimulatedSystem.Effect effect) {
        boolean blanked =
                before != null && before.value() != null && effect.after().value(field) == null;
        if (!blanked || !history.onlyEdits) return;
        var nulls = history.model().authority().get("contact").rule(field).nulls();
        if (nulls == NullPolicy.IGNORE_NULL) history.violate("BLANKED", key + " " + field + " was " + before.value());
    }

    /** While the hub merges a record into another nothing else is done to that one (R1). */
    private void ofLane(RecordKey key, WriteOp op) {
        for (var change : history.store.read(tx -> tx.outbox().openFor(Set.of(key)))) {
            var intent = change.intent();
            boolean joins = intent.kind() == Intent.Kind.MERGE && key.equals(intent.into());
            if (joins && !op.opId().equals(intent.id())) {
                history.violate("LANE", key + " is written by " + op + " while " + change.target() + " goes into it");
            }
        }
    }

    /** Nothing is sent that was decided before the hub knew what it had read (SYN-7). */
    void ofSending(String system) {
        var now = history.time.instant();
        history.store.read(tx -> {
            for (var change :
                    tx.outbox().list(system, OutboundState.SENDING, null, 500).items()) {
                if (!change.intent().sentAt().equals(now)) continue; // resolved or read since, perhaps
                boolean unresolved = change.target() == null
                        ? !tx.records().pending(1).isEmpty()
                        : !tx.records().stillPending(Set.of(change.target())).isEmpty();
                if (unresolved)
                    history.violate("UNRESOLVED", change.key() + " is sent before what was read is resolved");
            }
            return null;
        });
    }

    /** Nothing is created for a golden record in a system that had a record of it when that was decided, gone or not (DEL-5). */
    void ofCreate(SimulatedSystem.Effect effect, String golden, Instant decidedAt) {
        var system = effect.system();
        var members =
                history.store.read(tx -> tx.goldens().members(List.of(golden)).getOrDefault(golden, List.of()));
        for (var member : members) {
            if (!member.record().key().system().equals(system)) continue;
            if (!member.membership().since().isBefore(decidedAt)) continue;
            // what is brought back late may be told as it was before it went
            if (member.record().key().externalId().equals(effect.after().id())) continue;
            boolean gone = member.record().state().gone()
                    || history.broughtBackSince(member.record().key(), decidedAt);
            boolean again = gone && history.deletions.again(system);
            boolean returns = member.record().state() == RecordState.RETURNING;
            if (again || returns) continue;
            history.violate(
                    "CREATED_AGAIN",
                    "in " + system + " for " + golden + " beside "
                            + member.record().key() + ", which is "
                            + member.record().state());
        }
    }

    /** Nothing new is created in the place of a record that its system can bring back with its id (DEL-10, MRG-5). */
    void ofNew(String system, String golden, Instant decidedAt) {
        var source = history.systems.get(system);
        if (!source.nature().has(Trait.UNDELETES)) return;
        boolean again = history.deletions.againSince(system, decidedAt);
        var gone = history.store.read(tx -> {
            // what it was merged into since was another thing when that was decided
            return tx.goldens().members(List.of(golden)).getOrDefault(golden, List.of()).stream()
                    .filter(member -> member.membership().since().isBefore(decidedAt))
                    .map(Member::record)
                    .filter(record -> record.key().system().equals(system))
                    .filter(record ->
                            record.state() == RecordState.RETURNING || record.state() == RecordState.DELETED && again)
                    .toList();
        });
        if (gone.size() != 1) return; // only one of them comes back, and it may be one that cannot
        var record = gone.get(0);
        if (source.binned(record.key().externalId()) != null) {
            history.violate("CREATED_INSTEAD", record.key() + " could have come back to " + golden);
        }
    }
}
