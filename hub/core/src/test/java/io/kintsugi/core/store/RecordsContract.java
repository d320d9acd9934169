package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.keys;
import static io.kintsugi.core.store.Samples.link;
import static io.kintsugi.core.store.Samples.map;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.recordAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Records.At;
import io.kintsugi.core.store.Records.Count;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.core.store.Records.Revision;
import io.kintsugi.core.store.Records.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@link Records} promises. */
public abstract class RecordsContract extends HubStoreContract {
    private static final RecordKey ANN = key("crm", "1");
    private static final RecordKey BOB = key("crm", "2");

    @Test
    void aRecordComesBackAsItWasSaved() {
        var whole = new SourceRecord(
                ANN,
                "Contact",
                RecordState.UNKEYED,
                map("email", "ann@example.com", "phone", ""),
                Map.of(
                        "email",
                        new AttributeState(at(-5), 42, true, true, "before", at(-9), "Ann@example.com", "review r1")),
                at(-10),
                at(0),
                "etag-7",
                "00ff");
        save(whole);
        assertThat(find(ANN)).isEqualTo(whole);
    }

    @Test
    void whatIsNotKnownStaysUnknown() {
        var bare = new SourceRecord(
                ANN,
                "Contact",
                RecordState.LIVE,
                Map.of(),
                Map.of("email", new AttributeState(null, 0, false, false, null, null)),
                null,
                at(0),
                null,
                null);
        save(bare);
        assertThat(find(ANN)).isEqualTo(bare);
    }

    @Test
    void knownToBeEmptyIsNotUnknown() {
        save(record(ANN, "email", ""), record(BOB));
        assertThat(find(ANN).attributes()).isEqualTo(Map.of("email", ""));
        assertThat(find(BOB).attributes()).isEmpty();
    }

    @Test
    void bookkeepingOfAnAttributeWithoutValueIsKept() {
        var states = Map.of(
                "email", new AttributeState(null, 9, true, false, null, null),
                "phone", new AttributeState(at(3), 0, false, true, "before", "gate"));
        var r = new SourceRecord(ANN, "c", RecordState.LIVE, map("email", "a"), states, null, at(0), null, null);
        save(r);
        assertThat(find(ANN).states()).isEqualTo(states);
    }

    @Test
    void everyTextSurvives() {
        var odd = key("crm", "Ünï:çødé 'quoted\" {} \\ 🏺");
        var r = record(
                odd,
                "fullName",
                "Zoë 🏺 Łukasz 渡辺 \u202Eעברית e\u0301",
                "note",
                "line\nline\ttab \\ ' \" ` $x {y} | %",
                "title",
                " spaces around ",
                "biography",
                "ö🏺x".repeat(2_500));
        save(r);
        assertThat(find(odd)).isEqualTo(r);
    }

    @Test
    void findSkipsWhatDoesNotExistAndWhatIsAskedTwiceComesOnce() {
        save(record(ANN, "email", "a"));
        assertThat(reads.records().find(List.of(ANN, BOB, ANN))).containsOnlyKeys(ANN);
        assertThat(reads.records().find(List.of())).isEmpty();
    }

    @Test
    void lockFindsTheSame() {
        save(record(ANN, "email", "a"));
        assertThat(writes.records().lock(keys(ANN, BOB))).isEqualTo(Map.of(ANN, record(ANN, "email", "a")));
        assertThat(writes.records().lock(keys())).isEmpty();
    }

    @Test
    void lookAndHoldSayWhetherARecordWaitsAndWhetherAnythingIsTiedToIt() {
        var held = key("crm", "held");
        save(record(ANN, "email", "a"), record(BOB), record(held));
        write(tx -> {
            tx.records().markPending(List.of(ANN));
            tx.goldens().save(List.of(golden("g1")), List.of());
            tx.goldens().assign(List.of(member(BOB, "g1")));
            tx.blocks().claim(Samples.sorted("contact|k"), 99);
            tx.blocks().assign(Map.of(held, Samples.sorted("contact|k")));
        });
        var seen = Map.of(
                ANN, new Seen(record(ANN, "email", "a"), true, true),
                BOB, new Seen(record(BOB), false, false),
                held, new Seen(record(held), false, false));
        var all = keys(ANN, BOB, held, key("crm", "404"));
        assertThat(reads.records().look(all)).isEqualTo(seen);
        assertThat(writes.records().hold(all)).isEqualTo(seen);
        writes.links().save(List.of(link(ANN, BOB, Origin.RULE)));
        assertThat(reads.records().look(List.of(ANN)).get(ANN).untouched()).isFalse();
    }

    @Test
    void aRecordOfThisTransactionIsSeenAsItIsNow() {
        var ann = record(ANN, "email", "a");
        var bob = record(BOB, "email", "b");
        var unkeyed = bob.withState(RecordState.UNKEYED);
        write(tx -> {
            assertThat(tx.records().lock(keys(ANN, BOB))).isEmpty();
            tx.records().save(List.of(ann, bob));
            assertThat(tx.records().hold(keys(ANN, BOB)))
                    .isEqualTo(Map.of(ANN, new Seen(ann, false, true), BOB, new Seen(bob, false, true)));
            tx.records().markPending(List.of(ANN));
            assertThat(tx.records().look(List.of(ANN)).get(ANN)).isEqualTo(new Seen(ann, true, true));
            tx.records().save(List.of(unkeyed));
            tx.goldens().save(List.of(golden("g1")), List.of());
            tx.goldens().assign(List.of(member(ANN, "g1")));
            assertThat(tx.records().hold(keys(ANN, BOB)))
                    .isEqualTo(Map.of(ANN, new Seen(ann, true, false), BOB, new Seen(unkeyed, false, true)));
            tx.records().clearPending(List.of(ANN, BOB));
        });
        assertThat(reads.records().look(List.of(ANN, BOB)))
                .isEqualTo(Map.of(ANN, new Seen(ann, false, false), BOB, new Seen(unkeyed, false, true)));
    }

    @Test
    void keysAreToldApartToTheLetter() {
        var all = List.of(
                record(key("crm", "a"), "n", "1"),
                record(key("crm", "A"), "n", "2"),
                record(key("erp", "a"), "n", "3"),
                record(new RecordKey("crm", "account", "a"), "n", "4"));
        writes.records().save(all);
        for (var r : all) assertThat(find(r.key())).isEqualTo(r);
    }

    @Test
    void savingAgainReplacesEverything() {
        save(new SourceRecord(
                ANN,
                "old",
                RecordState.LIVE,
                map("email", "a", "phone", "1"),
                Map.of("email", new AttributeState(at(0), 1, true, true, "before", "h")),
                at(0),
                at(0),
                "v1",
                "hash"));
        var now = new SourceRecord(
                ANN, "new", RecordState.DELETED, map("city", "Ulm"), Map.of(), null, at(1), null, null);
        save(now);
        assertThat(find(ANN)).isEqualTo(now);
    }

    @Test
    void formerValuesAreKeptUntilTheInstantTheyWereReplaced() {
        save(recordAt(ANN, 0, "email", "a", "phone", ""));
        save(recordAt(ANN, 10, "email", "b"));
        save(recordAt(ANN, 20, "email", "a", "phone", ""));
        assertThat(revisions(ANN, 10))
                .containsExactly(
                        new Revision(at(20), map("email", "b")), new Revision(at(10), map("email", "a", "phone", "")));
        assertThat(revisions(ANN, 1)).containsExactly(new Revision(at(20), map("email", "b")));
    }

    @Test
    @DisplayName(
            "GOV-2: what the hub wrote over is kept until it was written, not until its system had last changed it")
    void formerValuesAreKeptUntilTheHubWroteOverThem() {
        save(recordAt(ANN, 0, "email", "a"));
        write(tx -> tx.records().save(List.of(recordAt(ANN, 0, "email", "b")), at(7)));
        assertThat(revisions(ANN, 10)).containsExactly(new Revision(at(7), map("email", "a")));
    }

    @Test
    @DisplayName(
            "MRG-5: what records held at instants is found for all at once, and only where they hold something else since")
    void formerValues() {
        save(recordAt(ANN, 0, "email", "a"), recordAt(BOB, 0, "email", "z"));
        save(recordAt(ANN, 10, "email", "b", "phone", ""));
        save(recordAt(ANN, 20, "email", "c"));
        var before = new At(ANN, at(5));
        var between = new At(ANN, at(10));
        var asked = List.of(before, between, new At(ANN, at(20)), new At(BOB, at(5)), new At(key("erp", "9"), at(5)));
        assertThat(reads.records().former(asked))
                .containsOnly(Map.entry(before, map("email", "a")), Map.entry(between, map("email", "b", "phone", "")));
        assertThat(reads.records().former(List.of())).isEmpty();
    }

    @Test
    void noRevisionIsKeptWhereTheAttributesAreEqual() {
        save(recordAt(ANN, 0, "email", "a"));
        var later = recordAt(ANN, 10, "email", "a").withState(RecordState.DELETED);
        save(later);
        save(later);
        assertThat(revisions(ANN, 10)).isEmpty();
        assertThat(revisions(BOB, 10)).isEmpty();
    }

    @Test
    void emptyAndUnknownDiffer() {
        save(recordAt(ANN, 0));
        save(recordAt(ANN, 1, "email", ""));
        save(recordAt(ANN, 2));
        assertThat(revisions(ANN, 10))
                .containsExactly(new Revision(at(2), map("email", "")), new Revision(at(1), map()));
    }

    @Test
    void revisionsOfOneTransactionAreKeptToo() {
        write(tx -> {
            tx.records().save(List.of(recordAt(ANN, 0, "n", "1"), recordAt(BOB, 0, "n", "9")));
            tx.records().save(List.of(recordAt(ANN, 1, "n", "2")));
        });
        assertThat(revisions(ANN, 10)).containsExactly(new Revision(at(1), map("n", "1")));
        assertThat(revisions(BOB, 10)).isEmpty();
    }

    @Test
    void savingAgainTouchesNeitherPendingMarkNorLinksNorGolden() {
        save(record(ANN, "email", "a"), record(BOB, "email", "a"));
        var link = link(ANN, BOB, Origin.RULE);
        write(tx -> {
            tx.records().markPending(List.of(ANN));
            tx.links().save(List.of(link));
            tx.goldens().save(List.of(golden("g1")), List.of());
            tx.goldens().assign(List.of(member(ANN, "g1", "email")));
            tx.blocks().claim(Samples.sorted("contact|k"), 99);
            tx.blocks().assign(Map.of(ANN, Samples.sorted("contact|k")));
        });
        save(recordAt(ANN, 1, "email", "b").withState(RecordState.DELETED));
        assertThat(reads.records().pending(9)).containsExactly(ANN);
        assertThat(reads.links().of(List.of(ANN))).containsExactly(link);
        assertThat(reads.goldens().goldenOf(List.of(ANN))).isEqualTo(Map.of(ANN, "g1"));
        assertThat(reads.blocks().holders("contact|k", 9)).containsExactly(ANN);
    }

    @Test
    void newRecordsDoNotWait() {
        save(record(ANN));
        assertThat(reads.records().pending(9)).isEmpty();
    }

    @Test
    void markingTwiceIsOnceAndUnknownKeysAreIgnored() {
        save(record(ANN), record(BOB).withState(RecordState.DELETED));
        var stranger = key("crm", "404");
        writes.records().markPending(List.of(ANN, stranger));
        writes.records().markPending(List.of(ANN, BOB, ANN));
        assertThat(reads.records().pending(9)).containsExactlyInAnyOrder(ANN, BOB);
        assertThat(reads.records().stillPending(List.of(ANN, stranger))).containsExactly(ANN);
        assertThat(reads.records().pending(1)).hasSize(1).isSubsetOf(ANN, BOB);
        assertThat(reads.records().find(List.of(stranger))).isEmpty();
        writes.records().clearPending(List.of(ANN, stranger));
        writes.records().clearPending(List.of(ANN));
        assertThat(reads.records().pending(9)).containsExactly(BOB);
        assertThat(reads.records().stillPending(List.of(ANN))).isEmpty();
    }

    @Test
    void emptyCollectionsChangeNothing() {
        write(tx -> {
            tx.records().save(List.of());
            tx.records().markPending(List.of());
            tx.records().clearPending(List.of());
        });
        assertThat(reads.records().stillPending(List.of())).isEmpty();
        assertThat(reads.records().counts()).isEmpty();
    }

    @Test
    void countsAreBySystemTypeAndState() {
        save(
                record(key("erp", "1")),
                record(key("crm", "1")),
                record(key("crm", "2")),
                record(key("crm", "3")).withState(RecordState.DELETED),
                record(key("crm", "4")).withState(RecordState.UNKEYED),
                record(new RecordKey("crm", "account", "1")));
        assertThat(reads.records().counts())
                .containsExactly(
                        new Count("crm", "account", RecordState.LIVE, 1),
                        new Count("crm", "contact", RecordState.LIVE, 2),
                        new Count("crm", "contact", RecordState.UNKEYED, 1),
                        new Count("crm", "contact", RecordState.DELETED, 1),
                        new Count("erp", "contact", RecordState.LIVE, 1));
    }

    @Test
    void aListIsOfOneSystemAndTypeByKeyInEveryState() {
        save(
                record(key("crm", "b")).withState(RecordState.DELETED),
                record(key("crm", "a")),
                record(key("crm", "B")),
                record(key("erp", "a")),
                record(new RecordKey("crm", "account", "a")));
        assertThat(pages((tx, cursor, limit) -> tx.records().list("crm", "contact", cursor, limit), 9))
                .extracting(r -> r.key().externalId())
                .containsExactly("B", "a", "b");
        assertThat(reads.records().list("none", "contact", null, 2).items()).isEmpty();
    }

    @Test
    void theLastPageHasNoNext() {
        save(record(ANN), record(BOB));
        var page = reads.records().list("crm", "contact", null, 2);
        assertThat(page.items()).hasSize(2);
        assertThat(page.next()).isNull();
    }

    @Test
    void pagesStayRightWhileRecordsAreInserted() {
        var before = new ArrayList<SourceRecord>();
        for (int i = 10; i < 20; i++) before.add(record(key("crm", "r" + i)));
        writes.records().save(before);
        var inserted = new int[] {0};
        var seen = pages((tx, cursor, limit) -> tx.records().list("crm", "contact", cursor, limit), 3, () -> {
            int n = inserted[0]++;
            save(record(key("crm", "a" + n)), record(key("crm", "r1" + n + "x")), record(key("crm", "z" + n)));
        });
        assertThat(seen).doesNotHaveDuplicates().containsAll(before);
    }

    @Test
    void aTextThatIsNoCursorIsRefused() {
        assertThatThrownBy(() -> reads.records().list("crm", "contact", "no cursor!", 2))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_REQUEST));
    }

    @Test
    @DisplayName("SCH-1: what records hold in fields that nobody maps is kept beside them and disturbs nothing")
    void unmappedFieldsAreKeptBesideTheRecord() {
        save(record(ANN), record(BOB));
        var kept = Map.of("segment", new Retained("gold", at(5)), "stage", new Retained("", null));
        writes.records().retain(Map.of(ANN, kept, key("crm", "nobody"), kept));
        assertThat(reads.records().retained(List.of(ANN, BOB, key("crm", "nobody"))))
                .isEqualTo(Map.of(ANN, kept));
        assertThat(find(ANN)).isEqualTo(record(ANN));

        save(recordAt(ANN, 9, "city", "Sopot"));
        assertThat(reads.records().retained(List.of(ANN))).isEqualTo(Map.of(ANN, kept));
        assertThat(find(ANN).attributes()).isEqualTo(Map.of("city", "Sopot"));
        assertThat(revisions(ANN, 9)).singleElement().satisfies(former -> assertThat(former.attributes())
                .doesNotContainKeys("unmapped", "segment"));

        writes.records().retain(Map.of(ANN, Map.of()));
        assertThat(reads.records().retained(List.of(ANN))).isEmpty();
    }

    private void save(SourceRecord... records) {
        writes.records().save(List.of(records));
    }

    private SourceRecord find(RecordKey key) {
        return reads.records().find(List.of(key)).get(key);
    }

    private List<Revision> revisions(RecordKey key, int limit) {
        return reads.records().revisions(key, limit);
    }
}
