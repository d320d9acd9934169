package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What becomes of a change that a system made against what is trusted more, where the policy does not simply write over it: a question
 * for a steward, or an alert (DA-3). It rests in its system as long as it is held.
 */
public final class ForeignChanges {
    private static final String LAPSED = "the question no longer arises";

    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Referents referents;
    private final Instant now;

    ForeignChanges(HubTransaction tx, LiveModel.Rules rules, Referents referents, Instant now) {
        this.tx = tx;
        this.rules = rules;
        this.referents = referents;
        this.now = now;
    }

    /** A change that people are told of. */
    record Alert(String golden, RecordKey record, String attribute) {}

    /**
     * @param plan as it was, with the holds of its records as they are now
     * @param opened number of questions that are open now and were not before
     */
    record Found(ResolutionPlan plan, int opened, List<Alert> alerts) {}

    /**
     * @param before goldens before the plan
     * @param dirty records that changed or wait for another reason
     * @param known records of the scope that a question may be about already
     */
    Found look(
            ResolutionPlan plan, Map<String, GoldenRecord> before, Set<RecordKey> dirty, Collection<RecordKey> known) {
        var asked = new TreeMap<String, Review>();
        var alerts = new ArrayList<Alert>();
        var changed = new HashMap<RecordKey, SourceRecord>();
        plan.members().forEach((id, members) -> {
            var golden = plan.current().get(id);
            var resting = golden == null ? Set.<String>of() : LoopBreaker.resting(golden);
            for (var member : members) {
                if (golden == null
                        || resting.isEmpty() && Outbound.foreign(member).isEmpty()) continue;
                var after = leave(let(before.get(id), golden, member, referents, rules.authority()), golden, resting);
                if (!after.equals(member)) changed.put(member.key(), after);
                for (var attribute : Outbound.foreign(after)) {
                    if (reaction(rules.authority(), golden, attribute) == OnForeignWrite.PROPOSE) {
                        var review = question(golden, after, attribute);
                        asked.put(review.id(), review);
                    } else if (dirty.contains(member.key())) {
                        alerts.add(new Alert(id, member.key(), attribute));
                    }
                }
            }
        });
        tx.records().save(changed.values());
        return new Found(plan.withRecords(changed), ask(asked, known), alerts);
    }

    /**
     * Lets go of what needs no holding any more: what survives now, what the policy no longer holds, and what people were only told
     * of, once the surviving value has changed.
     *
     * @param before the golden before; null if it is new
     * @param referents what references of the member lead to
     */
    public static SourceRecord let(
            GoldenRecord before,
            GoldenRecord after,
            SourceRecord member,
            Referents referents,
            AuthorityPolicy authority) {
        var record = member;
        var says = referents.inGoldenTerms(member);
        for (var attribute : Outbound.foreign(member)) {
            var reaction = reaction(authority, after, attribute);
            boolean holds = reaction == OnForeignWrite.PROPOSE
                    || reaction == OnForeignWrite.ALERT_ONLY && !valueChanged(before, after, attribute);
            if (!holds || Objects.equals(says.value(attribute), after.value(attribute))) {
                record = Outbound.letGo(record, attribute);
            }
        }
        return record;
    }

    /** Holds what is left alone because systems change it back and forth. */
    private SourceRecord leave(SourceRecord member, GoldenRecord golden, Set<String> resting) {
        var record = member;
        var says = referents.inGoldenTerms(member);
        for (var attribute : resting) {
            if (Objects.equals(says.value(attribute), golden.value(attribute))) continue;
            record = Outbound.hold(record, attribute);
        }
        return record;
    }

    /** Whether a change is to be held until it is known whether it survives. */
    public static boolean mayHold(AuthorityPolicy authority, String attribute) {
        return authority.rules().getOrDefault(authority.unit(attribute), List.of(authority.defaultRule())).stream()
                .map(AuthorityPolicy.Rule::onForeignWrite)
                .anyMatch(reaction -> reaction == OnForeignWrite.PROPOSE || reaction == OnForeignWrite.ALERT_ONLY);
    }

    private static boolean valueChanged(GoldenRecord before, GoldenRecord after, String attribute) {
        return before != null && !Objects.equals(before.value(attribute), after.value(attribute));
    }

    private static OnForeignWrite reaction(AuthorityPolicy authority, GoldenRecord golden, String attribute) {
        return LoopBreaker.resting(golden).contains(attribute)
                ? OnForeignWrite.ALERT_ONLY
                : authority.rule(attribute, golden::value).onForeignWrite();
    }

    private int ask(Map<String, Review> asked, Collection<RecordKey> known) {
        if (asked.isEmpty() && !tx.reviews().anyOpen(Kind.PROPOSED)) return 0;
        var save = new ArrayList<Review>();
        for (var open : tx.reviews().openOf(known)) {
            if (open.kind() == Kind.PROPOSED && !asked.containsKey(open.id())) {
                save.add(closed(open, ReviewState.OBSOLETE, open.detail(), "rules", LAPSED, now));
            }
        }
        var before = tx.reviews().find(asked.keySet());
        int opened = 0;
        for (var review : asked.values()) {
            var former = before.get(review.id());
            boolean open = former != null && former.state() == ReviewState.OPEN;
            if (!open) opened++;
            if (open
                    && former.detail().equals(review.detail())
                    && former.goldens().equals(review.goldens())) continue;
            save.add(former == null ? review : review.withRevision(former.revision() + 1));
        }
        tx.reviews().save(save);
        return opened;
    }

    private Review question(GoldenRecord golden, SourceRecord record, String attribute) {
        var value = record.attributes().get(attribute);
        return new Review(
                idOf(record.key(), attribute),
                Kind.PROPOSED,
                ReviewState.OPEN,
                rules.type().name(),
                List.of(golden.id()),
                List.of(record.key()),
                0,
                record.key().system() + " changed " + attribute + " of " + record.key()
                        + " and is not the system that is trusted for it",
                new Proposal(record.key().toString(), attribute, value, golden.value(attribute), null).toJson(),
                1,
                now,
                null,
                null,
                null,
                null,
                rules.policies());
    }

    static String idOf(RecordKey record, String attribute) {
        return "rv-" + ContentHash.of(Map.of("proposed", record.toString(), "attribute", attribute));
    }

    /** The same review, answered or gone away. */
    public static Review closed(Review review, ReviewState state, String detail, String by, String note, Instant now) {
        return new Review(
                review.id(),
                review.kind(),
                state,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                detail,
                review.revision() + 1,
                review.openedAt(),
                now,
                by,
                null,
                note,
                review.policies());
    }
}
