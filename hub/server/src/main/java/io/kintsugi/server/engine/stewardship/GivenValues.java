package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.survivorship.Survivorship;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.resolution.Proposal;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import io.kintsugi.server.engine.stewardship.Stewardship.Decided;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Values that one steward gives golden records, takes back, or lets a system have, in one transaction. */
final class GivenValues {
    private final HubTransaction tx;
    private final LiveModel model;
    private final Resolver resolver;
    private final String by;
    private final Instant now;

    GivenValues(HubTransaction tx, LiveModel model, Resolver resolver, String by, Instant now) {
        this.tx = tx;
        this.model = model;
        this.resolver = resolver;
        this.by = by;
        this.now = now;
    }

    /** What a steward says of a reference is a golden record, because only that means the same in every system. */
    private void requireGolden(EntityType type, String attribute, String value) {
        var to = type.attribute(attribute).map(Attribute::refersTo).orElse(null);
        if (to == null || value.isEmpty()) return;
        var named = tx.goldens().find(List.of(value)).get(value);
        if (named == null || !named.entityType().equals(to)) {
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    attribute + " leads to a golden record of type " + to + ", and \"" + value
                            + "\" is none; give the id of one, or empty text for none");
        }
    }

    private Referents referents(GoldenRecord golden) {
        return new ReferenceBook(tx, model.get())
                .read(model.rules(golden.entityType()).type(), records(golden.id()), List.of(golden));
    }

    /** @param expected revision the caller saw; null to take it as it is */
    Decided<GoldenRecord> give(
            String id, Long expected, String attribute, String value, LifeCycle asked, Instant until, String note) {
        var golden = lock(id, expected);
        var type = model.rules(golden.entityType()).type();
        if (type.attribute(attribute).isEmpty()) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, type.name() + " has no attribute \"" + attribute + "\"");
        }
        var authority = model.rules(golden.entityType()).authority();
        requireGolden(type, attribute, value);
        var lifeCycle = asked != null
                ? asked
                : until != null
                        ? LifeCycle.UNTIL_DATE
                        : authority.rule(attribute, golden::value).override();
        if ((lifeCycle == LifeCycle.UNTIL_DATE) != (until != null)) {
            throw new HubException(HubErrorCode.BAD_REQUEST, "until goes with UNTIL_DATE, and UNTIL_DATE needs it");
        }
        var referents = referents(golden);
        var members = records(id).stream().map(referents::inGoldenTerms).toList();
        var others = ended(golden, attribute);
        var winner = Survivorship.withoutSteward(members, authority, others, attribute, now);
        var given = new StewardValue(
                attribute, value, lifeCycle, until, id, by, note, now, winner.orElse(null), Set.of(), null);
        others.add(0, given);
        boolean holds = Survivorship.survive(members, authority, others, now)
                .stewardValues()
                .contains(given);
        if (!holds) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    lifeCycle == LifeCycle.WHILE_SOURCE_BLANK
                            ? "a system has a value for " + attribute
                                    + ", so one that holds while systems are blank would end at once"
                            : "the value for " + attribute + " would end at once: " + until + " has passed");
        }
        return store(golden, others, note);
    }

    Decided<GoldenRecord> takeBack(String id, long expected, String attribute, String note) {
        var golden = lock(id, expected);
        boolean any = golden.stewardValues().stream()
                .anyMatch(value -> value.holds() && value.attribute().equals(attribute));
        if (!any) {
            throw new HubException(
                    HubErrorCode.NOT_FOUND, "no steward gave golden " + id + " a value for " + attribute);
        }
        return store(golden, ended(golden, attribute), note);
    }

    /** What a system proposes, in golden terms. */
    private String accepted(String id, SourceRecord record, Proposal proposal) {
        var type = model.rules(record.key().entityType()).type();
        if (type.attribute(proposal.attribute()).map(Attribute::refersTo).isEmpty()) return proposal.value();
        var value = referents(lock(id, null)).inGoldenTerms(record).attributes().get(proposal.attribute());
        if (value != null) return value;
        throw new HubException(
                HubErrorCode.NOT_POSSIBLE,
                record.key() + " " + AttributeState.UNRESOLVED + "; accept it once that record is there");
    }

    private List<StewardValue> ended(GoldenRecord golden, String attribute) {
        var values = new ArrayList<>(golden.stewardValues());
        UnaryOperator<StewardValue> end =
                value -> value.holds() && value.attribute().equals(attribute) ? value.ended(now) : value;
        values.replaceAll(end);
        return values;
    }

    private Decided<GoldenRecord> store(GoldenRecord golden, List<StewardValue> values, String note) {
        tx.goldens().save(List.of(golden.withStewardValues(values)), List.of());
        var outcome = resolver.resolve(
                tx, Answers.live(tx, golden.id()), new Occasion(Origin.STEWARD, Set.of(), by, note, List.of()));
        return new Decided<>(tx.goldens().find(List.of(golden.id())).get(golden.id()), outcome);
    }

    private GoldenRecord lock(String id, Long expected) {
        tx.goldens().claim(new TreeSet<>(Set.of(id)));
        var golden = tx.goldens().find(List.of(id)).get(id);
        if (golden == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + id);
        if (golden.state() != GoldenState.ACTIVE) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "golden " + id + " is " + golden.state()
                            + (golden.redirectsTo() == null ? "" : " into " + golden.redirectsTo()) + "; reload");
        }
        if (expected != null && golden.revision() != expected) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "golden " + id + " is at revision " + golden.revision() + ", you sent " + expected
                            + "; reload and retry");
        }
        return golden;
    }

    private List<SourceRecord> records(String id) {
        return tx.goldens().members(List.of(id)).getOrDefault(id, List.of()).stream()
                .map(Member::record)
                .toList();
    }

    /**
     * Answers whether a system that is not trusted may have its way. Accepted, its value survives until the trusted one speaks;
     * rejected, the surviving value is written over it.
     */
    Decided<Review> answer(String reviewId, long expected, boolean accepts, String note) {
        var review = tx.reviews()
                .lock(reviewId)
                .orElseThrow(() -> new HubException(HubErrorCode.NOT_FOUND, "there is no review " + reviewId));
        if (review.revision() != expected) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + reviewId + " is at revision " + review.revision() + ", you sent " + expected
                            + "; reload and retry");
        }
        if (review.kind() != Kind.PROPOSED || review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.kind() + " and " + review.state()
                            + "; only open proposals are accepted or rejected");
        }
        var proposal = Proposal.parse(review.detail());
        var key = RecordKey.parse(proposal.record());
        var id = tx.goldens().goldenOf(List.of(key)).get(key);
        if (id != null) tx.goldens().claim(new TreeSet<>(Set.of(id)));
        var record = tx.records().lock(new TreeSet<>(Set.of(key))).get(key);
        boolean there = id != null
                && record != null
                && Outbound.foreign(record).contains(proposal.attribute())
                && proposal.value().equals(record.attributes().get(proposal.attribute()));
        if (!there) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "record " + key + " has changed since; wait until it is resolved, then reload");
        }
        tx.records().save(List.of(Outbound.letGo(record, proposal.attribute())));
        var answered = ForeignChanges.closed(
                review, ReviewState.DECIDED, proposal.answered(accepts).toJson(), by, note, now);
        tx.reviews().save(List.of(answered));
        var outcome = accepts
                ? give(
                                id,
                                null,
                                proposal.attribute(),
                                accepted(id, record, proposal),
                                LifeCycle.UNTIL_WINNER_CHANGES,
                                null,
                                note)
                        .outcome()
                : resolver.resolve(tx, Set.of(key), new Occasion(Origin.STEWARD, Set.of(), by, note, List.of()));
        return new Decided<>(answered, outcome);
    }
}
