package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.Intent.Refusal;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.outbound.OutboundReferences.Said;
import io.kintsugi.server.engine.schema.Fit;
import io.kintsugi.server.engine.schema.UnknownOptions;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OutboxMarks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is sent for due changes of one system, as things are now, or why nothing is: a change comes out SENDING with an intent, or in the
 * state in which it waits or rests. One transaction.
 */
final class Deciding {
    private final HubTransaction tx;
    private final LiveModel model;
    private final Ids ids;
    private final DueFacts facts;
    private final Instant now;

    /** @param facts read in the transaction, with all goldens claimed; what is to be looked at later is added to them */
    Deciding(HubTransaction tx, LiveModel model, Ids ids, DueFacts facts, Instant now) {
        this.tx = tx;
        this.model = model;
        this.ids = ids;
        this.facts = facts;
        this.now = now;
    }

    /**
     * A record that is to be there: created, or brought back.
     *
     * @param description null if the system has not said yet what it can do
     */
    OutboundChange add(OutboundChange change, StreamMapping stream, StreamDef description) {
        var goldenId = facts.current().get(change.goldenId());
        var golden = goldenId == null ? null : facts.goldens().get(goldenId);
        boolean missed = facts.missed().getOrDefault(goldenId, Set.of()).contains(change.system());
        if (golden == null || golden.state() != GoldenState.ACTIVE && !missed) return nobody(change);
        if (!goldenId.equals(change.goldenId())) { // the survivor has a mark of its own
            return rests(change, OutboundState.SETTLED, "merged into " + goldenId);
        }
        var members = facts.members().getOrDefault(goldenId, List.of());
        var there = members.stream()
                .map(Member::record)
                .filter(member -> member.key().system().equals(change.system()))
                .toList();
        boolean returns = there.stream().anyMatch(member -> member.state() == RecordState.RETURNING);
        if (there.stream()
                .anyMatch(member -> !(returns || missed) || !member.state().gone())) {
            return rests(change.released(), OutboundState.SETTLED, "the system has it already");
        }
        if (!returns && !missed && !stream.provision()) { // what was to return has left with another golden since
            return rests(change, OutboundState.SETTLED, "no record of it is to be created there");
        }
        var question = members.stream()
                .map(member -> facts.questions().get(member.record().key()))
                .filter(Objects::nonNull)
                .findFirst();
        if (question.isPresent()) return rests(change, OutboundState.HELD, "waits for review " + question.get());
        if (description == null) { // nothing could be looked up first, or brought back
            return later(change, "waits until " + change.system() + " says what it can do");
        }
        var back = NativeUndelete.of(there, missed, change.intent(), stream);
        if (!NativeUndelete.offered(description)) back = Optional.empty();
        var said = said(stream, change.system(), golden, null, null);
        if (back.isPresent()) {
            return sending(change, goldenId, intent(Intent.Kind.UNDELETE, said.writes(), back.get(), Map.of()));
        }
        return create(change, stream, golden, said);
    }

    private OutboundChange create(OutboundChange change, StreamMapping stream, GoldenRecord golden, Said said) {
        if (change.intent() != null && change.intent().unknown()) {
            var why = "it is not known whether the record was created; look for it in " + change.system()
                    + ", then retry";
            return rests(change, OutboundState.PARKED, why);
        }
        var required = facts.required().getOrDefault(stream.entityType(), Set.of());
        var waiting = facts.references().waiting(change, stream, golden, said, required, model.order(), now);
        if (waiting.isPresent()) {
            if (waiting.get().state() == OutboundState.DUE) {
                facts.children().addAll(facts.references().needed(said, change.system(), now));
            }
            return waiting.get();
        }
        var writes = said.writes();
        var fit = new Fit(change.system(), stream, model.standing(change.system(), stream.stream()));
        var unfit = takeUnfit(change, stream, fit, writes);
        var obstacle = fit.obstacle(writes);
        if (obstacle == null) obstacle = closed(change.system(), stream.stream());
        if (obstacle != null) return rests(change, OutboundState.HELD, obstacle);
        var heldBack = takeHeldBack(change, writes);
        if (writes.isEmpty() && unfit != null) return rests(change, OutboundState.HELD, also(unfit, heldBack));
        var types = model.rules(stream.entityType()).attributeTypes();
        boolean needed = heldBack.keySet().stream() // a record that nobody can find again is made twice
                .anyMatch(attribute -> required.contains(attribute) || Outbound.identifies(types.apply(attribute)));
        if (needed || !heldBack.isEmpty() && (writes.isEmpty() || fit.obstacle(writes) != null)) {
            return rests(change, OutboundState.PARKED, Settlement.heldBack(heldBack));
        }
        if (!writes.isEmpty()) {
            var refused = NativeUndelete.refused(change.intent());
            return sending(change, golden.id(), intent(Intent.Kind.CREATE, writes, refused, heldBack));
        }
        if (!said.missing().isEmpty()) return facts.references().unsaid(change, said, now);
        return rests(change, OutboundState.SETTLED, null);
    }

    /**
     * A record that is there: brought in step, then perhaps merged into another, or deleted.
     *
     * @param target what the system is believed to hold; null if the hub does not know the record any more
     */
    OutboundChange update(OutboundChange change, StreamMapping stream, SourceRecord target, StreamDef description) {
        if (facts.erased().contains(change.target())
                && target != null
                && !target.state().gone()) {
            return sending(change, change.goldenId(), delete());
        }
        var goldenId = facts.goldenOf().get(change.target());
        var golden = goldenId == null ? null : facts.goldens().get(goldenId);
        if (golden == null || golden.state() != GoldenState.ACTIVE) return nobody(change);
        if (target == null || target.state() != RecordState.LIVE) {
            return rests(change, OutboundState.SETTLED, "the record is gone, or not in step with the hub any more");
        }
        if (facts.doomed().contains(change.target())) {
            if (description != null) facts.goes().put(change.target(), Ladder.means(stream, description));
            return sending(change, goldenId, delete());
        }
        var terms = facts.references().inGoldenTerms(target);
        var said = said(stream, change.system(), golden, target, terms);
        var writes = said.writes();
        writes.putAll(
                facts.reparenting().writes(target, terms, golden, writable(stream, change.system(), golden, target)));
        var fit = new Fit(change.system(), stream, model.standing(change.system(), stream.stream()));
        var unfit = takeUnfit(change, stream, fit, writes);
        var heldBack = takeHeldBack(change, writes);
        if (!writes.isEmpty()) return sending(change, goldenId, intent(Intent.Kind.UPDATE, writes, null, heldBack));
        if (unfit != null) return rests(change, OutboundState.HELD, also(unfit, heldBack));
        var undecided = Outbound.held(target);
        if (!undecided.isEmpty())
            return rests(change, OutboundState.PARKED, also(Settlement.undecided(undecided), heldBack));
        if (!said.missing().isEmpty()) {
            var unsaid = facts.references().unsaid(change, said, now);
            if (heldBack.isEmpty()) return unsaid;
            if (unsaid.state() == OutboundState.HELD)
                return rests(change, OutboundState.HELD, also(unsaid.problem(), heldBack));
        }
        if (!heldBack.isEmpty()) return rests(change, OutboundState.PARKED, Settlement.heldBack(heldBack));
        var foreign = Outbound.foreign(target);
        if (!foreign.isEmpty()) {
            var why = String.join(", ", foreign) + " was changed there against what is trusted more, and is left so";
            return rests(change, OutboundState.HELD, why);
        }
        return merge(change, stream, golden, description);
    }

    /** Merges a record that is in step into another one of its golden, if it is to go and nothing hinders that. */
    private OutboundChange merge(
            OutboundChange change, StreamMapping stream, GoldenRecord golden, StreamDef description) {
        Predicate<SourceRecord> inStep = record -> {
            var rules = model.rules(stream.entityType());
            var terms = facts.references().inGoldenTerms(record);
            var writable = writable(stream, change.system(), golden, record);
            return Outbound.plan(golden.values(), terms, writable, rules.attributeTypes())
                            .isEmpty()
                    && Outbound.held(record).isEmpty()
                    && Outbound.foreign(record).isEmpty();
        };
        var step = facts.folding().next(change, golden.id(), description, inStep, facts.questions(), facts.doomed());
        if (step instanceof Folding.Stays) return rests(change, OutboundState.SETTLED, null);
        if (step instanceof Folding.Waits waits) {
            return waits.forPeople() ? rests(change, OutboundState.HELD, waits.why()) : later(change, waits.why());
        }
        var goes = (Folding.Goes) step;
        var into = goes.into();
        if (goes.way() == Folding.Way.DELETE) {
            var left = facts.reparenting().left(tx, facts.targets().get(change.target()), into, now);
            if (left.isPresent()) {
                facts.children().addAll(left.get().moves());
                var why = "to be merged into " + into.externalId() + ", "
                        + left.get().why();
                return rests(change, OutboundState.HELD, why);
            }
        }
        return sending(change, golden.id(), Intent.merge(ids.next("w"), into, now));
    }

    /**
     * The golden values that a record lacks, in the system's own terms.
     *
     * @param held null for a record that is not there
     * @param terms its references in terms of golden records
     */
    private Said said(StreamMapping stream, String system, GoldenRecord golden, SourceRecord held, SourceRecord terms) {
        var rules = model.rules(stream.entityType());
        var writable = writable(stream, system, golden, held);
        return facts.references()
                .inNativeTerms(rules.type(), Outbound.plan(golden.values(), terms, writable, rules.attributeTypes()));
    }

    private List<String> writable(StreamMapping stream, String system, GoldenRecord golden, SourceRecord held) {
        var authority = model.rules(stream.entityType()).authority();
        return OutboxMarks.writable(stream, system, authority, golden, held);
    }

    /**
     * Takes out of writes what the system would not take.
     *
     * @return why it would not take the first of them; null if it takes all
     */
    private String takeUnfit(OutboundChange change, StreamMapping stream, Fit fit, Map<String, Outbound.Write> writes) {
        var unfit = fit.unfit(writes);
        UnknownOptions.note(tx, change.system(), stream, unfit.values(), now);
        writes.keySet().removeAll(unfit.keySet());
        return unfit.isEmpty() ? null : unfit.get(unfit.firstKey()).why();
    }

    /**
     * Takes out of writes what the system refused when it was sent last, as long as it is the same value.
     *
     * @return what was taken out
     */
    private static SortedMap<String, Refusal> takeHeldBack(OutboundChange change, Map<String, Outbound.Write> writes) {
        var heldBack = new TreeMap<String, Refusal>();
        if (change.intent() == null) return heldBack;
        change.intent().heldBack().forEach((attribute, refusal) -> {
            var write = writes.get(attribute);
            if (write != null && write.value().equals(refusal.value())) heldBack.put(attribute, refusal);
        });
        writes.keySet().removeAll(heldBack.keySet());
        return heldBack;
    }

    private String closed(String system, String stream) {
        var published = model.published().system(system).flatMap(config -> config.streams().stream()
                .filter(one -> one.stream().equals(stream))
                .findFirst());
        return Fit.closed(system, published.orElse(null), model.standing(system, stream));
    }

    private Intent intent(
            Intent.Kind kind, Map<String, Outbound.Write> writes, RecordKey other, Map<String, Refusal> heldBack) {
        var values = new TreeMap<String, String>();
        var versions = new TreeMap<String, Long>();
        writes.forEach((attribute, write) -> {
            values.put(attribute, write.value());
            versions.put(attribute, write.version());
        });
        return new Intent(ids.next("w"), kind, values, versions, now, other, null, null, heldBack, false);
    }

    private Intent delete() {
        return new Intent(ids.next("w"), Intent.Kind.DELETE, Map.of(), Map.of(), now);
    }

    private OutboundChange sending(OutboundChange change, String goldenId, Intent intent) {
        return new OutboundChange(
                change.key(),
                goldenId,
                change.system(),
                change.entityType(),
                change.target(),
                OutboundState.SENDING,
                false,
                change.markedAt(),
                now,
                change.attempts(),
                now.plus(Dispatch.LEASE),
                intent,
                null,
                now,
                change.cause());
    }

    private OutboundChange nobody(OutboundChange change) {
        return rests(change, OutboundState.SETTLED, "no golden record is behind it any more");
    }

    private OutboundChange rests(OutboundChange change, OutboundState state, String why) {
        return Outcome.rest(change, state, why, now);
    }

    /** Why a change waits, with the values that its system refused besides (SCH-4). */
    private static String also(String why, Map<String, Refusal> heldBack) {
        return heldBack.isEmpty() ? why : why + "; " + Settlement.heldBack(heldBack);
    }

    private OutboundChange later(OutboundChange change, String why) {
        return Outcome.change(change, OutboundState.DUE, why, now.plus(Dispatch.PUT_OFF), change.attempts(), now);
    }
}
