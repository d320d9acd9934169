package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Whose the values are that a system moved when it merged records of its own. The survivor has them only since the merge, but nobody
 * entered them there: each is as old, and as much the hub's own, as it was in the record that is gone. Without this a copy that the hub
 * once wrote would count as what the system says itself, and outrank the value it was copied from for ever.
 */
public final class MergedValues {
    private final Collection<SourceRecord> losers;
    private final Set<RecordKey> unresolved;
    private final Merger by;
    private final Map<RecordKey, Intent> intents;
    private final Function<String, AttributeType> type;

    /** Who merged records in a system. */
    public enum Merger {
        HUB,
        PEOPLE,
        /** People, and one of the records was never read. */
        PEOPLE_WITH_UNREAD
    }

    /**
     * @param losers the records that are gone, as they were last known
     * @param unresolved those of which the hub made nothing yet, so that it copied nothing from them: what they have alike with a copy they
     *     have, as the survivor has, from the others, for merging made them on the way
     * @param by who merged them
     * @param intents open writes to them
     * @param type type of each attribute; null for unknown ones
     */
    public MergedValues(
            Collection<SourceRecord> losers,
            Set<RecordKey> unresolved,
            Merger by,
            Map<RecordKey, Intent> intents,
            Function<String, AttributeType> type) {
        this.losers = losers;
        this.unresolved = unresolved;
        this.by = by;
        this.intents = intents;
        this.type = type;
    }

    /**
     * @param prior the survivor as it was known before; null for one never seen, as where merging makes a new record
     * @param survivor the same as it was just taken in
     * @param readAt when it was last read before the merge was told; null if never
     * @param at when the merge was made, or any time before it at which the survivor was not there; null if unknown. What the survivor
     *     holds since then may have been read before the merge was told
     */
    public SourceRecord inherit(SourceRecord prior, SourceRecord survivor, Instant readAt, Instant at) {
        var states = new HashMap<>(survivor.states());
        survivor.attributes().forEach((attribute, value) -> {
            var state = states.get(attribute);
            if (value.isEmpty() || state != null && state.copied()) return;
            boolean fresh = prior == null || !value.equals(prior.attributes().get(attribute));
            if (!fresh && !since(state == null ? prior.sourceAt() : state.changedAt(), at)) return;
            // first read after the merge, so that nobody knows what it held before
            boolean minted = prior == null || !fresh && state == null && by != Merger.HUB;
            var inherited = inherited(attribute, value, fresh ? prior : null, minted, fresh ? null : readAt);
            if (inherited != null) states.put(attribute, inherited);
        });
        if (entered(prior)) states.replaceAll((attribute, state) -> state.joined(survivor.value(attribute)));
        var inherited = states.equals(survivor.states()) ? survivor : survivor.withStates(states);
        if (by == Merger.HUB) return inherited;
        for (var loser : losers) if (!unresolved.contains(loser.key())) inherited = entered(inherited, loser);
        return inherited;
    }

    /**
     * What somebody entered in a record of which it is told only now that it was merged away: the one that it went into says it, where it
     * was taken for a copy of the hub's.
     */
    public static SourceRecord entered(SourceRecord survivor, SourceRecord loser) {
        var states = new HashMap<>(survivor.states());
        states.replaceAll((attribute, state) -> {
            var said = loser.states().get(attribute);
            var value = loser.value(attribute);
            boolean kept = value != null && value.equals(survivor.value(attribute));
            if (!kept || !state.copied() || said != null && said.copied()) return state;
            return AttributeState.original(said == null ? loser.sourceAt() : said.changedAt(), 0);
        });
        return states.equals(survivor.states()) ? survivor : survivor.withStates(states);
    }

    /** Whether one of the records is somebody's own, also where the hub has not read it: then what is made of them is not the hub's to delete. */
    private boolean entered(SourceRecord prior) {
        if (by == Merger.HUB) return false; // what it merges was one thing before
        boolean unread = prior == null && losers.size() < 2; // what merging makes is made of two at least
        return by == Merger.PEOPLE_WITH_UNREAD
                || unread
                || prior != null && !prior.provisioned()
                || losers.stream().anyMatch(loser -> !loser.provisioned());
    }

    /** Stamps are whole seconds in some systems. */
    private static boolean since(Instant changedAt, Instant at) {
        return at != null && changedAt != null && !changedAt.isBefore(at.truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * What somebody entered goes before what the hub wrote.
     *
     * @param known when the survivor was seen to hold the value before; null if it was not
     * @return null if no loser had the value
     */
    private AttributeState inherited(
            String attribute, String value, SourceRecord prior, boolean minted, Instant known) {
        AttributeState copy = null;
        for (var loser : losers) {
            var state = loser.states().get(attribute);
            var changedAt = state == null ? loser.sourceAt() : state.changedAt();
            if (value.equals(loser.attributes().get(attribute))) {
                if (state == null || !state.copied()) return AttributeState.original(changedAt, 0);
                copy = copied(state, changedAt, state.base(), prior, attribute, minted, state.sent(), state.hold());
            } else if (isImageOfUnread(loser, attribute, value)) {
                var sent = loser.value(attribute);
                copy = copied(state, changedAt, state.base(), prior, attribute, minted, sent, state.hold());
            } else if (sentBy(loser, attribute, value, known)) {
                long version = intents.get(loser.key()).versions().getOrDefault(attribute, 0L);
                var sent = intents.get(loser.key()).values().get(attribute);
                copy = copied(
                        state, changedAt, version, prior, attribute, minted, sent.equals(value) ? null : sent, null);
            }
        }
        return copy;
    }

    /** Whether it may be what the system made of a value that the hub has only written there, and never read. */
    private boolean isImageOfUnread(SourceRecord loser, String attribute, String value) {
        return Absorb.isUnread(loser.states().get(attribute))
                && loser.value(attribute) != null
                && Equivalence.looksLikeImage(type.apply(attribute), loser.value(attribute), value);
    }

    /** A write that was under way when the records were merged. */
    private boolean sentBy(SourceRecord loser, String attribute, String value, Instant known) {
        var intent = intents.get(loser.key());
        if (intent != null && known != null && intent.sentAt().isAfter(known)) return false; // it was there already
        var sent = intent == null ? null : intent.values().get(attribute);
        var kind = type.apply(attribute);
        return sent != null && (Equivalence.same(kind, sent, value) || Equivalence.looksLikeImage(kind, sent, value));
    }

    /** @param hold why nobody knew whose the value is, which nobody knows better now; null if it was the hub's */
    private static AttributeState copied(
            AttributeState was,
            Instant changedAt,
            long base,
            SourceRecord prior,
            String attribute,
            boolean minted,
            String sent,
            String hold) {
        boolean agreed = hold == null;
        if (minted) {
            boolean copy = was != null && was.copied();
            return new AttributeState(
                    changedAt,
                    base,
                    agreed,
                    true,
                    copy ? was.original() : "",
                    copy ? was.originalAt() : null,
                    sent,
                    hold);
        }
        var before = prior == null ? null : prior.states().get(attribute);
        var held = prior == null ? null : prior.attributes().get(attribute);
        if (before != null && before.copied()) {
            return new AttributeState(
                    changedAt, base, agreed, true, before.original(), before.originalAt(), sent, hold);
        }
        var since = before != null ? before.changedAt() : held == null || held.isEmpty() ? null : prior.sourceAt();
        return new AttributeState(changedAt, base, agreed, true, held == null ? "" : held, since, sent, hold);
    }
}
