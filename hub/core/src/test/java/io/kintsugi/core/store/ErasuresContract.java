package io.kintsugi.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.Step;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.Erasures.Blocked;
import io.kintsugi.core.store.Erasures.Remains;
import io.kintsugi.core.store.Erasures.Suppression;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was erased, what may not come back, and that removing leaves nothing. */
public abstract class ErasuresContract extends HubStoreContract {
    private static Erasure erasure(String id, int second, ErasureState state) {
        var step = new Step(
                "erp",
                "people",
                state == ErasureState.DONE ? null : "7",
                "h7",
                Means.DELETE,
                state == ErasureState.DONE ? StepState.CONFIRMED : StepState.WAITING,
                null,
                null,
                Samples.at(second),
                null);
        var begun = new Erasure(
                id,
                "contact",
                List.of("g-" + id, "old-" + id),
                ErasureState.RUNNING,
                "case 1",
                "dana",
                Samples.at(second),
                List.of(step),
                Map.of(),
                null,
                null,
                null,
                1,
                Samples.at(second));
        return state == ErasureState.RUNNING ? begun : begun.removed(Map.of("records", 2L), Samples.at(second));
    }

    @Test
    void anErasureIsStoredWholeAndFoundByEachOfItsGoldens() {
        var one = erasure("e1", 1, ErasureState.RUNNING);
        var two = erasure("e2", 2, ErasureState.DONE).lifted("sam", "came back", Samples.at(9));
        write(tx -> tx.erasures().save(List.of(one, two)));
        assertThat(reads.erasures().find(List.of("e1", "e2", "e3"))).isEqualTo(Map.of("e1", one, "e2", two));
        assertThat(reads.erasures().ofGolden("old-e2")).contains(two);
        assertThat(reads.erasures().ofGolden("g-e3")).isEmpty();
        assertThat(reads.erasures().open()).containsExactly(one);
        assertThat(writes.erasures().lock(new TreeSet<>(Set.of("e1")))).isEqualTo(Map.of("e1", one));
        assertThat(this.<Erasure>pages((tx, cursor, limit) -> tx.erasures().list(null, cursor, limit), 1))
                .containsExactly(two, one);
        assertThat(this.<Erasure>pages((tx, cursor, limit) -> tx.erasures().listOldestFirst(null, cursor, limit), 1))
                .containsExactly(one, two);
        assertThat(reads.erasures().list(ErasureState.DONE, null, 9).items()).containsExactly(two);
        assertThat(reads.erasures()
                        .listOldestFirst(ErasureState.RUNNING, null, 9)
                        .items())
                .containsExactly(one);
    }

    @Test
    void theSecretIsMadeOnce() {
        assertThat(reads.erasures().secret()).isEmpty();
        assertThat(writes.erasures().keepSecret("first")).isEqualTo("first");
        assertThat(writes.erasures().keepSecret("second")).isEqualTo("first");
        assertThat(reads.erasures().secret()).contains("first");
    }

    @Test
    void whatIsSuppressedIsFoundUntilItsErasureIsLifted() {
        assertThat(reads.erasures().suppressing()).isFalse();
        write(tx -> tx.erasures()
                .suppress(List.of(new Suppression("a", "e1"), new Suppression("a", "e2"), new Suppression("b", "e2"))));
        write(tx -> tx.erasures().suppress(List.of(new Suppression("a", "e1"))));
        assertThat(reads.erasures().suppressing()).isTrue();
        assertThat(reads.erasures().suppressed(List.of("a", "b", "c"))).isEqualTo(Map.of("a", "e1", "b", "e2"));
        assertThat(pages((tx, cursor, limit) -> tx.erasures().suppressions(cursor, limit), 1))
                .hasSize(3);
        assertThat(writes.erasures().lift("e1")).isEqualTo(1);
        assertThat(writes.erasures().lift("e1")).isZero();
        assertThat(reads.erasures().suppressed(List.of("a", "b"))).isEqualTo(Map.of("a", "e2", "b", "e2"));
    }

    @Test
    void rowsThatWereKeptOutAreCounted() {
        var first = new Blocked("e1", "crm", "people", "h", 1, Samples.at(1), Samples.at(1));
        write(tx -> tx.erasures().note(List.of(first)));
        write(tx -> tx.erasures()
                .note(List.of(
                        new Blocked("e1", "crm", "people", "h", 2, Samples.at(5), Samples.at(5)),
                        new Blocked("e1", "erp", "people", "i", 1, Samples.at(3), Samples.at(3)),
                        new Blocked("e2", "crm", "people", "h", 1, Samples.at(3), Samples.at(3)))));
        var often = new Blocked("e1", "crm", "people", "h", 3, Samples.at(1), Samples.at(5));
        var once = new Blocked("e1", "erp", "people", "i", 1, Samples.at(3), Samples.at(3));
        assertThat(pages((tx, cursor, limit) -> tx.erasures().blocked("e1", null, cursor, limit), 1))
                .containsExactly(often, once);
        assertThat(pages((tx, cursor, limit) -> tx.erasures().blockedOldestFirst("e1", null, cursor, limit), 1))
                .containsExactly(once, often);
        assertThat(reads.erasures().blocked("e1", "erp", null, 9).items()).containsExactly(once);
        assertThat(reads.erasures().blockedOldestFirst("e1", "crm", null, 9).items())
                .containsExactly(often);
    }

    @Test
    @DisplayName("DEL-11: removing takes everything that names a record or golden, and nothing else")
    void removesAllOfOneAndNothingOfAnother() {
        var mine = Samples.key("crm", "mine");
        var twin = Samples.key("erp", "twin");
        var other = Samples.key("crm", "other");
        write(tx -> {
            tx.records()
                    .save(List.of(
                            Samples.recordAt(mine, 1, "name", "Secret"),
                            Samples.recordAt(twin, 1, "name", "Secret"),
                            Samples.recordAt(other, 1, "name", "Public")));
            tx.records().save(List.of(Samples.recordAt(mine, 2, "name", "Secret too")));
            tx.goldens()
                    .save(
                            List.of(
                                    Samples.goldenAt("g1", 1, "name", "Secret"),
                                    Samples.goldenAt("g2", 1, "name", "Public"),
                                    Samples.retired("old", "g1")),
                            List.of(
                                    Samples.revision("g1", 1),
                                    new GoldenRevision(
                                            "g2",
                                            "contact",
                                            0,
                                            1,
                                            Samples.at(1),
                                            Cause.CREATED,
                                            List.of(),
                                            List.of(mine),
                                            List.of(),
                                            null,
                                            null),
                                    Samples.revision("g2", 2)));
            tx.goldens()
                    .assign(List.of(
                            Samples.member(mine, "g1", "name"),
                            Samples.member(twin, "g1"),
                            Samples.member(other, "g2", "name")));
            tx.links().save(List.of(Samples.link(mine, twin, Origin.RULE), Samples.link(mine, other, Origin.STEWARD)));
            tx.reviews().save(List.of(Samples.review("rv1", 3, mine, other), Samples.review("rv2", 3, other, other)));
            tx.outbox()
                    .save(List.of(
                            Samples.change(twin, "g1", OutboundState.SETTLED, 1),
                            Samples.change(other, "g2", OutboundState.SETTLED, 1)));
            tx.merges().save(List.of(Samples.merge("m1", 1, "g1", "old", twin)));
            tx.deletions().save(List.of(Samples.deletion("d1", mine, 1), Samples.deletion("d2", other, 1)));
            tx.blocks().claim(Samples.sorted("contact|a", "contact|b", "contact|was"), 99);
            tx.blocks()
                    .assign(Map.of(mine, Samples.sorted("contact|a", "contact|b"), other, Samples.sorted("contact|b")));
            tx.references()
                    .save(Map.of(
                            mine, Set.of(new References.Reference("boss", other)),
                            other, Set.of(new References.Reference("boss", mine))));
            tx.journal().saveAnswer("k1", new Journal.Answer("r", 200, "x", "{\"id\":\"g1\"}", Samples.at(1)));
            tx.journal().saveAnswer("k2", new Journal.Answer("r", 200, "x", "{\"id\":\"g2\"}", Samples.at(1)));
        });
        var remains = new Remains(
                Set.of("g1", "old"),
                Set.of(mine, twin, Samples.key("crm", "never")),
                Set.of("contact|was", "contact|b"),
                Set.of("g1"),
                Samples.at(9),
                "authority 12, match 3, deletes 1");
        var counts = writes.erasures().remove(remains);
        assertThat(counts)
                .isEqualTo(Map.ofEntries(
                        Map.entry("records", 2L),
                        Map.entry("formerRecordValues", 1L),
                        Map.entry("goldens", 2L),
                        Map.entry("goldenHistory", 2L),
                        Map.entry("links", 2L),
                        Map.entry("reviews", 1L),
                        Map.entry("outboundChanges", 1L),
                        Map.entry("merges", 1L),
                        Map.entry("deletions", 1L),
                        Map.entry("blockKeys", 2L),
                        Map.entry("answers", 1L)));
        assertThat(reads.records().find(List.of(mine, twin, other)).keySet()).containsExactly(other);
        assertThat(reads.goldens().find(List.of("g1", "old")).values()).allSatisfy(golden -> {
            assertThat(golden.state()).isEqualTo(GoldenState.ERASED);
            assertThat(golden.values()).isEmpty();
            assertThat(golden.redirectsTo()).isNull();
        });
        assertThat(reads.goldens().currentId("old")).isEqualTo("old");
        assertThat(reads.goldens().history("g1", 9))
                .extracting(GoldenRevision::cause)
                .containsExactly(Cause.ERASED);
        assertThat(reads.goldens().history("g1", 9).get(0).policies()).isEqualTo("authority 12, match 3, deletes 1");
        assertThat(reads.goldens().history("g2", 9))
                .extracting(GoldenRevision::revision)
                .containsExactly(2L);
        assertThat(reads.goldens().members(List.of("g1", "g2")).get("g1")).isEmpty();
        assertThat(reads.goldens().members(List.of("g2")).get("g2")).hasSize(1);
        assertThat(reads.links().of(List.of(other))).isEmpty();
        assertThat(reads.reviews().find(List.of("rv1", "rv2")).keySet()).containsExactly("rv2");
        assertThat(reads.reviews().openOf(List.of(mine))).isEmpty();
        assertThat(reads.outbox().ofGolden("g1")).isEmpty();
        assertThat(reads.outbox().ofGolden("g2")).hasSize(1);
        assertThat(reads.merges().find("m1")).isEmpty();
        assertThat(reads.deletions().find(List.of("d1", "d2")).keySet()).containsExactly("d2");
        assertThat(reads.blocks()
                        .find(List.of("contact|a", "contact|b", "contact|was"))
                        .keySet())
                .containsExactly("contact|b");
        assertThat(reads.references().to(List.of(mine))).containsExactly(other);
        assertThat(reads.references().to(List.of(other))).isEmpty();
        assertThat(reads.journal().answer("k1")).isEmpty();
        assertThat(reads.journal().answer("k2")).isPresent();
        assertThat(reads.records().look(List.of(other)).get(other).untouched()).isFalse();
        assertThat(writes.erasures()
                        .remove(new Remains(Set.of(), Set.of(mine), Set.of(), Set.of(), Samples.at(9), null)))
                .isEmpty();
    }

    @Test
    @DisplayName("DEL-11: a golden out of use keeps no value that came from a removed record")
    void goldensOutOfUseForgetToo() {
        var mine = Samples.key("crm", "mine");
        write(tx -> {
            tx.records().save(List.of(Samples.recordAt(mine, 1, "name", "Secret")));
            tx.goldens().save(List.of(Samples.leftBehind("g9", mine, "name", "Secret")), List.of());
        });
        writes.erasures().remove(new Remains(Set.of(), Set.of(mine), Set.of(), Set.of(), Samples.at(9), null));
        assertThat(reads.goldens().find(List.of("g9")).get("g9"))
                .satisfies(golden -> assertThat(golden.values()).isEmpty())
                .satisfies(golden -> assertThat(golden.state()).isEqualTo(GoldenState.DELETED));
    }
}
