package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.deleted;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.keys;
import static io.kintsugi.core.store.Samples.map;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.retired;
import static io.kintsugi.core.store.Samples.revision;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.model.StewardValue.Winner;
import io.kintsugi.core.store.Goldens.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link Goldens} promises of goldens, members, versions and history. */
public abstract class GoldensContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");
    private static final RecordKey C = key("web", "c");

    @Test
    void aGoldenComesBackAsItWasSaved() {
        var whole = new GoldenRecord(
                "g1",
                "contact",
                GoldenState.ACTIVE,
                Long.MAX_VALUE,
                Map.of(
                        "fullName", new GoldenValue("Zoë 🏺 渡辺 \"x\"\\\n", 3, A, at(5), "SYSTEM_RANK", 2),
                        "email", new GoldenValue("", 4, B, null, "LATEST", 0),
                        "note", new GoldenValue("ö".repeat(10_000), 5, C, at(6), "LATEST", 0)),
                null,
                at(0),
                at(1));
        save(whole, deleted("g2"), retired("g3", "g1"), golden("g4"));
        assertThat(find("g1")).isEqualTo(whole);
        assertThat(reads.goldens().find(List.of("g2", "g3", "g4", "none", "g2")))
                .isEqualTo(Map.of("g2", deleted("g2"), "g3", retired("g3", "g1"), "g4", golden("g4")));
        assertThat(reads.goldens().find(List.of())).isEmpty();
    }

    @Test
    void whatStewardsGaveComesBack() {
        var until = new StewardValue(
                "email",
                "a@b",
                LifeCycle.UNTIL_DATE,
                at(90),
                "g0",
                "ada",
                "called them",
                at(3),
                new Winner(A, "x ö \"", null),
                Set.of(4L, Long.MAX_VALUE),
                null);
        var ended = new StewardValue(
                "phone", "", LifeCycle.UNTIL_WINNER_CHANGES, null, "g1", "bob", null, at(2), null, Set.of(), at(5));
        var plain = golden("g1", "email", "a@b");
        var whole = new GoldenRecord(
                plain.id(),
                plain.entityType(),
                plain.state(),
                plain.revision(),
                plain.values(),
                null,
                plain.createdAt(),
                plain.updatedAt(),
                List.of(until, ended),
                at(90));
        save(whole);
        assertThat(find("g1")).isEqualTo(whole);
        save(plain);
        assertThat(find("g1")).isEqualTo(plain);
    }

    @Test
    void goldensAreDueWhenTheirInstantHasCome() {
        save(due("g3", 7), due("g1", 7), due("g2", 5), due("g4", 9), golden("g5"));
        assertThat(reads.goldens().due(at(7), 10)).containsExactly("g2", "g1", "g3");
        assertThat(reads.goldens().due(at(7), 2)).containsExactly("g2", "g1");
        assertThat(reads.goldens().due(at(4), 10)).isEmpty();
        save(golden("g2"));
        assertThat(reads.goldens().due(at(7), 10)).containsExactly("g1", "g3");
    }

    private static GoldenRecord due(String id, int seconds) {
        var plain = golden(id);
        return new GoldenRecord(
                id,
                plain.entityType(),
                plain.state(),
                plain.revision(),
                plain.values(),
                null,
                plain.createdAt(),
                plain.updatedAt(),
                List.of(),
                at(seconds));
    }

    @Test
    void savingAgainReplacesEverything() {
        save(golden("g1", "email", "a", "phone", "1"), golden("g2"));
        save(retired("g1", "g2"));
        assertThat(find("g1")).isEqualTo(retired("g1", "g2"));
        save(golden("g1", "city", "Ulm"));
        assertThat(find("g1")).isEqualTo(golden("g1", "city", "Ulm"));
        assertThat(reads.goldens().currentId("g1")).isEqualTo("g1");
    }

    @Test
    void claimingIgnoresWhatDoesNotExist() {
        save(golden("g1"));
        writes.goldens().claim(sorted("g1", "none"));
        writes.goldens().claim(sorted());
        assertThat(find("none")).isNull();
        assertThat(find("g1")).isEqualTo(golden("g1"));
    }

    @Test
    void oldIdsLeadToTheGoldenInUse() {
        save(golden("g1"), deleted("g5"));
        save(retired("g2", "g1"));
        save(retired("g3", "g2"));
        save(retired("g4", "g3"));
        assertThat(reads.goldens().currentId("g4")).isEqualTo("g1");
        assertThat(reads.goldens().currentId("g1")).isEqualTo("g1");
        assertThat(reads.goldens().currentId("g5")).isEqualTo("g5");
        assertThat(reads.goldens().currentId("none")).isEqualTo("none");
        assertThat(reads.goldens().currentIds(List.of("g4", "g5", "none", "g4")))
                .isEqualTo(Map.of("g4", "g1", "g5", "g5", "none", "none"));
        assertThat(reads.goldens().currentIds(List.of())).isEmpty();
        save(golden("g2"), retired("g1", "g5"));
        assertThat(reads.goldens().currentId("g4")).isEqualTo("g2");
        assertThat(reads.goldens().currentId("g1")).isEqualTo("g5");
    }

    @Test
    void membersComeWithTheirRecordsByKey() {
        records();
        save(golden("g1"), golden("g2"));
        var first = new Membership(C, "g1", at(3), Origin.STEWARD, Set.of("email", "phone"));
        assign(first, member(A, "g1"), member(B, "g2", "email"));
        writes.records().save(List.of(record(C, "n", "9").withState(RecordState.DELETED)));
        var members = reads.goldens().members(List.of("g1", "g2", "g1", "none"));
        assertThat(members)
                .isEqualTo(Map.of(
                        "g1",
                        List.of(
                                new Member(member(A, "g1"), record(A, "n", "1")),
                                new Member(first, record(C, "n", "9").withState(RecordState.DELETED))),
                        "g2",
                        List.of(new Member(member(B, "g2", "email"), record(B, "n", "2"))),
                        "none",
                        List.of()));
        assertThat(reads.goldens().members(List.of())).isEmpty();
    }

    @Test
    void aGoldenWithoutRecordsHasAnEmptyList() {
        save(golden("g1"));
        assertThat(reads.goldens().members(List.of("g1"))).isEqualTo(Map.of("g1", List.of()));
    }

    @Test
    void aRecordHasOneGolden() {
        records();
        save(golden("g1"), golden("g2"));
        assign(member(A, "g1", "email", "phone"), member(B, "g1"));
        assign(member(A, "g2", "city"));
        assertThat(reads.goldens().goldenOf(List.of(A, B, C, key("crm", "none"), A)))
                .isEqualTo(Map.of(A, "g2", B, "g1"));
        assertThat(reads.goldens().members(List.of("g1", "g2")).get("g2"))
                .containsExactly(new Member(member(A, "g2", "city"), record(A, "n", "1")));
        assertThat(reads.goldens().members(List.of("g1")).get("g1")).hasSize(1);
        assertThat(reads.goldens().goldenOf(List.of())).isEmpty();
    }

    @Test
    void aRecordThatWasHeldMovesToo() {
        writes.goldens().save(List.of(golden("g1"), golden("g2")), List.of());
        writes.records().save(List.of(record(A)));
        write(tx -> {
            tx.records().hold(keys(A)); // nothing was tied to it then
            tx.goldens().assign(List.of(member(A, "g1")));
            tx.goldens().assign(List.of(member(A, "g2")));
        });
        assertThat(reads.goldens().members(List.of("g1", "g2")))
                .isEqualTo(Map.of("g1", List.of(), "g2", List.of(new Member(member(A, "g2"), record(A)))));
    }

    @Test
    void assigningToTheSameGoldenReplacesTheMembership() {
        records();
        save(golden("g1"));
        assign(member(A, "g1", "email", "phone"));
        assign(member(A, "g1", "phone"));
        assertThat(reads.goldens().members(List.of("g1")).get("g1"))
                .containsExactly(new Member(member(A, "g1", "phone"), record(A, "n", "1")));
    }

    @Test
    void emptyCollectionsChangeNothing() {
        write(tx -> {
            tx.goldens().save(List.of(), List.of());
            tx.goldens().assign(List.of());
        });
        assertThat(reads.goldens().counts()).isEmpty();
        assertThat(reads.goldens().feedEnd()).isZero();
        assertThat(reads.goldens().feed(0, 9)).isEmpty();
    }

    @Test
    void versionsAreNeverGivenTwice() {
        long a = writes.goldens().reserveVersions(3);
        long b = writes.goldens().reserveVersions(0);
        long c = writes.goldens().reserveVersions(1);
        long d = store.write(tx -> {
            tx.goldens().reserveVersions(2);
            return tx.goldens().reserveVersions(1);
        });
        assertThat(a).isPositive();
        assertThat(b).isGreaterThanOrEqualTo(a + 3);
        assertThat(c).isGreaterThanOrEqualTo(a + 3);
        assertThat(d).isGreaterThanOrEqualTo(c + 3);
    }

    @Test
    void aRevisionComesBackWithItsPlaceInTheFeed() {
        records();
        save(golden("g1"), golden("g2"));
        var change = new GoldenRevision(
                "g1",
                "contact",
                99_999,
                4,
                at(2),
                Cause.SPLIT,
                List.of(
                        new ValueChange("email", null, "ann@🏺\"\\", A),
                        new ValueChange("city", "Ulm", null, null),
                        new ValueChange("note", "", "x".repeat(10_000), B)),
                List.of(B, A),
                List.of(C),
                "g2",
                "authority 12, match 3, deletes 1");
        writes.goldens().save(List.of(), List.of(change));
        var stored = reads.goldens().history("g1", 9).get(0);
        assertThat(stored).usingRecursiveComparison().ignoringFields("sequence").isEqualTo(change);
        assertThat(stored.sequence()).isEqualTo(reads.goldens().feedEnd());
        assertThat(reads.goldens().feed(0, 9)).containsExactly(stored);
    }

    @Test
    void everyCauseIsKept() {
        save(golden("g1"));
        for (var cause : Cause.values()) {
            writes.goldens()
                    .save(
                            List.of(),
                            List.of(new GoldenRevision(
                                    "g1", "contact", 0, 1, at(0), cause, List.of(), List.of(), List.of(), null, null)));
        }
        assertThat(reads.goldens().feed(0, 99))
                .extracting(GoldenRevision::cause)
                .containsExactly(Cause.values());
    }

    @Test
    void theFeedHasTheOrderGivenAndHistoryTheOther() {
        save(golden("g1"), golden("g2"));
        writes.goldens().save(List.of(), List.of(revision("g2", 1), revision("g1", 1), revision("g1", 2)));
        writes.goldens().save(List.of(), List.of(revision("g2", 2)));
        var feed = reads.goldens().feed(0, 99);
        assertThat(feed)
                .extracting(r -> r.goldenId() + " " + r.revision())
                .containsExactly("g2 1", "g1 1", "g1 2", "g2 2");
        assertThat(feed).extracting(GoldenRevision::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(feed.get(0).sequence()).isPositive();
        assertThat(reads.goldens().history("g1", 9))
                .extracting(GoldenRevision::revision)
                .containsExactly(2L, 1L);
        assertThat(reads.goldens().history("g1", 1))
                .extracting(GoldenRevision::revision)
                .containsExactly(2L);
        assertThat(reads.goldens().history("none", 9)).isEmpty();
        assertThat(reads.goldens().feedEnd()).isEqualTo(feed.get(3).sequence());
    }

    @Test
    void aReaderOfTheFeedGoesOnWhereItStopped() {
        save(golden("g1"));
        var written = new ArrayList<Long>();
        for (long i = 1; i <= 5; i++) {
            var r = revision("g1", i);
            writes.goldens().save(List.of(), List.of(r));
            written.add(i);
        }
        var seen = new ArrayList<Long>();
        long after = 0;
        for (var part = feed(after); !part.isEmpty(); part = feed(after)) {
            assertThat(part).hasSizeLessThanOrEqualTo(2);
            part.forEach(r -> seen.add(r.revision()));
            after = part.get(part.size() - 1).sequence();
        }
        assertThat(seen).isEqualTo(written);
        assertThat(feed(after + 1_000)).isEmpty();
    }

    @Test
    void goldensInUseAreCountedByType() {
        save(
                golden("g1"),
                golden("g2"),
                deleted("g3"),
                retired("g4", "g1"),
                new GoldenRecord("g5", "account", GoldenState.ACTIVE, 1, Map.of(), null, at(0), at(0)),
                new GoldenRecord("g6", "site", GoldenState.DELETED, 1, Map.of(), null, at(0), at(0)));
        var counts = reads.goldens().counts();
        assertThat(counts).isEqualTo(Map.of("account", 1L, "contact", 2L));
        assertThat(counts.keySet()).containsExactly("account", "contact");
    }

    @Test
    void emptyAttributesOfMembersStayEmpty() {
        writes.records().save(List.of(record(A, "email", "")));
        save(golden("g1"));
        assign(member(A, "g1"));
        assertThat(reads.goldens()
                        .members(List.of("g1"))
                        .get("g1")
                        .get(0)
                        .record()
                        .attributes())
                .isEqualTo(map("email", ""));
    }

    private List<GoldenRevision> feed(long after) {
        return reads.goldens().feed(after, 2);
    }

    private void records() {
        writes.records().save(List.of(record(A, "n", "1"), record(B, "n", "2"), record(C, "n", "3")));
    }

    private void save(GoldenRecord... goldens) {
        writes.goldens().save(List.of(goldens), List.of());
    }

    private GoldenRecord find(String id) {
        return reads.goldens().find(List.of(id)).get(id);
    }

    private void assign(Membership... memberships) {
        writes.goldens().assign(List.of(memberships));
    }
}
