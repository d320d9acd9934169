package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.review;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Reviews.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Reviews} promises. */
public abstract class ReviewsContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");
    private static final RecordKey C = key("web", "c");
    private static final Filter ALL = new Filter(null, null, null, null, null, "score");

    @Test
    void aReviewComesBackAsItWasSaved() {
        var whole = new Review(
                "r1",
                Kind.DISPUTED,
                ReviewState.DECIDED,
                "contact",
                List.of("g1", "g2"),
                List.of(A, B),
                -2.5,
                "\"Ann 🏺\" fits two goldens",
                "{\"raw\":\"é\\n" + "x".repeat(10_000) + "\"}",
                3,
                at(0),
                at(1),
                "ada",
                Decision.NO_MATCH,
                "called them",
                "authority 12, match 3, deletes 1");
        var bare = new Review(
                "r2",
                Kind.UNMAPPABLE,
                ReviewState.OPEN,
                null,
                List.of(),
                List.of(),
                0,
                "row 7 has no id",
                null,
                1,
                at(0),
                null,
                null,
                null,
                null,
                null);
        save(whole, bare);
        assertThat(reads.reviews().find(List.of("r1", "r2", "none", "r1"))).isEqualTo(Map.of("r1", whole, "r2", bare));
        assertThat(reads.reviews().find(List.of())).isEmpty();
    }

    @Test
    void savingAgainReplacesEverything() {
        save(review("r1", 1, A, B));
        var now = review("r1", Kind.CANDIDATE, ReviewState.DECIDED, "contact", 2, 0, B, C);
        save(now);
        save();
        assertThat(list(ALL)).containsExactly("r1");
        assertThat(writes.reviews().lock("r1")).contains(now);
        assertThat(writes.reviews().lock("none")).isEmpty();
        assertThat(list(new Filter(null, null, null, "crm", null, "score"))).isEmpty();
        assertThat(list(new Filter(null, null, null, "web", null, "score"))).containsExactly("r1");
    }

    @Test
    void openReviewsOfRecordsAreFoundOnceWhetherTheRecordsExistOrNot() {
        save(
                review("r1", 1, A, B),
                review("r2", 1, B, C),
                review("r3", Kind.CANDIDATE, ReviewState.DECIDED, "contact", 1, 0, A, B),
                review("r4", Kind.CANDIDATE, ReviewState.OBSOLETE, "contact", 1, 0, A, B));
        assertThat(openOf(A)).containsExactly("r1");
        assertThat(openOf(A, B)).containsExactlyInAnyOrder("r1", "r2");
        assertThat(openOf(key("crm", "none"))).isEmpty();
        assertThat(openOf()).isEmpty();
    }

    @Test
    void aReviewThatIsClosedIsNoLongerOpenAndMayOpenAgain() {
        save(review("r1", 1, A));
        save(review("r1", Kind.CANDIDATE, ReviewState.OBSOLETE, "contact", 1, 0, A));
        assertThat(openOf(A)).isEmpty();
        save(review("r1", 1, A));
        assertThat(openOf(A)).containsExactly("r1");
    }

    @Test
    void openOnesAreCountedByKind() {
        save(
                review("r1", 1, A),
                review("r2", 1, B),
                review("r3", Kind.PARKED, ReviewState.OPEN, "contact", 0, 0, A),
                review("r4", Kind.DISPUTED, ReviewState.DECIDED, "contact", 0, 0, A));
        assertThat(reads.reviews().openCounts()).isEqualTo(Map.of(Kind.CANDIDATE, 2L, Kind.PARKED, 1L));
        assertThat(reads.reviews().anyOpen(Kind.PARKED)).isTrue();
        assertThat(reads.reviews().anyOpen(Kind.DISPUTED)).isFalse();
        assertThat(reads.reviews().anyOpen(Kind.UNMAPPABLE)).isFalse();
        save(review("r5", Kind.CANDIDATE, ReviewState.OPEN, "account", 1, 0, A));
        assertThat(reads.reviews().countOpen(Kind.CANDIDATE, "contact")).isEqualTo(2);
        assertThat(reads.reviews().countOpen(Kind.CANDIDATE, "account")).isEqualTo(1);
        assertThat(reads.reviews().countOpen(Kind.DISPUTED, "contact")).isZero();
    }

    @Test
    void filtersMeetInAnyCombination() {
        save(
                review("r1", Kind.CANDIDATE, ReviewState.OPEN, "contact", 9, 0, A, B),
                review("r2", Kind.CANDIDATE, ReviewState.OPEN, "account", 8, 0, new RecordKey("crm", "account", "1")),
                review("r3", Kind.PARKED, ReviewState.OPEN, "contact", 7, 0, B),
                review("r4", Kind.CANDIDATE, ReviewState.DECIDED, "contact", 6, 0, C));
        assertThat(list(ALL)).containsExactly("r1", "r2", "r3", "r4");
        assertThat(list(new Filter(Kind.CANDIDATE, null, null, null, null, "score")))
                .containsExactly("r1", "r2", "r4");
        assertThat(list(new Filter(null, ReviewState.OPEN, null, null, null, "score")))
                .containsExactly("r1", "r2", "r3");
        assertThat(list(new Filter(null, null, "contact", null, null, "score"))).containsExactly("r1", "r3", "r4");
        assertThat(list(new Filter(null, null, null, "erp", null, "score"))).containsExactly("r1", "r3");
        assertThat(list(new Filter(null, null, null, null, 7.0, "score"))).containsExactly("r1", "r2", "r3");
        assertThat(list(new Filter(Kind.CANDIDATE, ReviewState.OPEN, "contact", "crm", 8.5, "score")))
                .containsExactly("r1");
        assertThat(list(new Filter(Kind.UNMAPPABLE, null, null, null, null, "score")))
                .isEmpty();
    }

    @Test
    void scoresComeHighestFirstAndAgesOldestFirstWithTiesById() {
        save(
                review("b", Kind.CANDIDATE, ReviewState.OPEN, "contact", -1.5, 3),
                review("a", Kind.CANDIDATE, ReviewState.OPEN, "contact", 10.25, 2),
                review("d", Kind.CANDIDATE, ReviewState.OPEN, "contact", 10.25, 1),
                review("c", Kind.CANDIDATE, ReviewState.OPEN, "contact", 9.5, 1));
        assertThat(list(ALL)).containsExactly("a", "d", "c", "b");
        assertThat(list(new Filter(null, null, null, null, null, "openedAt"))).containsExactly("c", "d", "a", "b");
        assertThatThrownBy(() -> new Filter(null, null, null, null, null, "mood"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_REQUEST));
    }

    @Test
    void pagesStayRightWhileReviewsOpen() {
        for (var sort : List.of("score", "openedAt")) {
            store = emptyStore();
            var before = new ArrayList<String>();
            for (int i = 0; i < 7; i++) {
                save(review("r" + i, Kind.CANDIDATE, ReviewState.OPEN, "contact", -i / 2, i / 2));
                before.add("r" + i);
            }
            var filter = new Filter(null, null, null, null, null, sort);
            var n = new int[] {0};
            assertThat(pages(
                            (tx, cursor, limit) -> tx.reviews().list(filter, cursor, limit),
                            2,
                            () -> save(review("a" + n[0]++, Kind.CANDIDATE, ReviewState.OPEN, "contact", 99, -99))))
                    .extracting(Review::id)
                    .containsExactlyElementsOf(before);
        }
    }

    @Test
    void theMostDoubtfulComeFirstByTheMiddleOfTheirType() {
        save(
                review("r1", Kind.CANDIDATE, ReviewState.OPEN, "contact", 9, 0, A),
                review("r2", Kind.CANDIDATE, ReviewState.OPEN, "contact", 4, 0, A),
                review("r3", Kind.CANDIDATE, ReviewState.OPEN, "account", 9, 0, A),
                review("r4", Kind.CANDIDATE, ReviewState.OPEN, "contact", 6, 0, A),
                review("r5", Kind.CANDIDATE, ReviewState.OPEN, "item", -1, 0, A));
        var teach = new Filter(null, null, null, null, null, "teach", Map.of("contact", 5.0, "account", 9.5));
        assertThat(list(teach)).containsExactly("r3", "r2", "r4", "r5", "r1");
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var page = reads.reviews().list(teach, cursor, 2);
            page.items().forEach(review -> seen.add(review.id()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).containsExactly("r3", "r2", "r4", "r5", "r1");
    }

    private void save(Review... reviews) {
        writes.reviews().save(List.of(reviews));
    }

    private List<String> openOf(RecordKey... records) {
        return reads.reviews().openOf(List.of(records)).stream().map(Review::id).toList();
    }

    private List<String> list(Filter filter) {
        return pages((tx, cursor, limit) -> tx.reviews().list(filter, cursor, limit), 2).stream()
                .map(Review::id)
                .toList();
    }
}
