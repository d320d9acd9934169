package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.keys;
import static io.kintsugi.core.store.Samples.link;
import static io.kintsugi.core.store.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Links} promises. */
public abstract class LinksContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");
    private static final RecordKey C = key("web", "c");

    @BeforeEach
    void threeRecords() {
        writes.records().save(List.of(record(A), record(B), record(C)));
    }

    @Test
    void aLinkComesBackAsItWasSaved() {
        var link = new Link(
                A,
                B,
                Origin.RULE,
                Decision.REVIEW,
                LinkState.ACTIVE,
                -3.0625,
                List.of(
                        new Evidence("prior", null, null, "1 in 3000", -11.5),
                        new Evidence("familyName", "łukasz 🏺", "", "similar 0.93", 8.4375),
                        new Evidence("email", "a\"b\\c\n", "é".repeat(10_000), "differs", 0)),
                "contact|name|łukasz",
                "contact v3",
                at(5));
        save(link);
        assertThat(of(A)).containsExactly(link);
    }

    @Test
    void aVerdictHasNoEvidenceAndNoBlockKey() {
        var verdict =
                new Link(A, B, Origin.STEWARD, Decision.NO_MATCH, LinkState.ACTIVE, 0, List.of(), null, "ada", at(5));
        save(verdict);
        assertThat(of(B)).containsExactly(verdict);
    }

    @Test
    void everyDecisionStateAndOriginIsFound() {
        var links = List.of(
                link(A, B, Origin.RULE),
                link(A, B, Origin.STEWARD).retracted(at(3), "bob"),
                new Link(A, B, Origin.SOURCE, Decision.NO_MATCH, LinkState.ACTIVE, 0, List.of(), null, "crm", at(0)),
                link(A, C, Origin.RULE).retracted(at(4), "contact v2"));
        writes.links().save(links);
        assertThat(of(A)).containsExactlyInAnyOrderElementsOf(links);
        assertThat(of(C)).containsExactly(links.get(3));
    }

    @Test
    void aLinkOfRecordsThatWereHeldIsStoredOnceAndReplacedToo() {
        var later = link(A, B, Origin.RULE).retracted(at(4), "contact v2");
        write(tx -> {
            tx.records().hold(keys(A, B)); // nothing was tied to them then
            tx.links().save(List.of(link(A, B, Origin.RULE), link(A, B, Origin.RULE), link(A, C, Origin.RULE)));
            tx.links().save(List.of(later));
        });
        assertThat(of(A)).containsExactlyInAnyOrder(later, link(A, C, Origin.RULE));
    }

    @Test
    void aLinkIsFoundFromBothEndsAndComesOnce() {
        save(link(A, B, Origin.RULE), link(B, C, Origin.RULE));
        assertThat(of(A)).containsExactly(link(A, B, Origin.RULE));
        assertThat(of(A, B, A, C)).containsExactlyInAnyOrder(link(A, B, Origin.RULE), link(B, C, Origin.RULE));
    }

    @Test
    void nobodyAndUnknownRecordsHaveNoLinks() {
        save(link(A, B, Origin.RULE));
        assertThat(of()).isEmpty();
        assertThat(of(C, key("crm", "404"))).isEmpty();
    }

    @Test
    void aLinkOfTheSameEndsAndOriginIsReplaced() {
        var before = link(A, B, Origin.RULE);
        var verdict = link(A, B, Origin.STEWARD);
        save(before, verdict);
        var after = new Link(
                A, B, Origin.RULE, Decision.NO_MATCH, LinkState.ACTIVE, -1, List.of(), null, "contact v2", at(9));
        save(after);
        assertThat(of(A)).containsExactlyInAnyOrder(after, verdict);
    }

    @Test
    void savingTwiceIsOnce() {
        save(link(A, B, Origin.RULE));
        save(link(A, B, Origin.RULE));
        assertThat(of(A, B)).containsExactly(link(A, B, Origin.RULE));
    }

    @Test
    void ruleLinksAreTakenAwayWhateverElseTheySay() {
        save(link(A, B, Origin.RULE), link(A, C, Origin.RULE));
        remove(link(A, B, Origin.RULE).retracted(at(99), "somebody"));
        assertThat(of(A, B, C)).containsExactly(link(A, C, Origin.RULE));
        remove(link(A, B, Origin.RULE));
        assertThat(of(A, B, C)).containsExactly(link(A, C, Origin.RULE));
    }

    @Test
    void verdictsOfStewardsAndSystemsAreNeverTakenAway() {
        var steward = link(A, B, Origin.STEWARD);
        var source = link(A, B, Origin.SOURCE);
        save(link(A, B, Origin.RULE), steward, source);
        remove(steward, source);
        assertThat(of(A)).hasSize(3);
        remove(link(A, B, Origin.RULE), steward, source);
        assertThat(of(A)).containsExactlyInAnyOrder(steward, source);
    }

    @Test
    void emptyCollectionsChangeNothing() {
        save(link(A, B, Origin.RULE));
        save();
        remove();
        assertThat(of(A)).hasSize(1);
    }

    private void save(Link... links) {
        writes.links().save(List.of(links));
    }

    private void remove(Link... links) {
        writes.links().removeRuleLinks(List.of(links));
    }

    private List<Link> of(RecordKey... records) {
        return reads.links().of(List.of(records));
    }
}
