package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.deleted;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.goldenAt;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.map;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.retired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.Goldens.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Goldens} promises of lists, filters and search. */
public abstract class GoldenListContract extends HubStoreContract {
    @Test
    void theUsualListIsOfGoldensInUseNewestChangeFirst() {
        save(goldenAt("g1", 1), goldenAt("g2", 3), goldenAt("g3", 2), deleted("g4"), retired("g5", "g1"));
        assertThat(list(Filter.all())).containsExactly("g2", "g3", "g1");
    }

    @Test
    void aPageHoldsTheGoldensWhole() {
        var g = goldenAt("g1", 1, "fullName", "Ann", "note", "");
        save(g);
        assertThat(reads.goldens().list(Filter.all(), null, 9)).isEqualTo(new Page<>(List.of(g), null));
    }

    @Test
    void typeAndStateFilter() {
        save(
                golden("g1"),
                deleted("g2"),
                retired("g3", "g1"),
                new GoldenRecord("g4", "account", GoldenState.ACTIVE, 1, Map.of(), null, at(0), at(0)));
        assertThat(list(byId(null, null, null, null, Map.of(), 0))).containsExactly("g1", "g2", "g3", "g4");
        assertThat(list(byId("contact", null, null, null, Map.of(), 0))).containsExactly("g1", "g2", "g3");
        assertThat(list(byId(null, GoldenState.RETIRED, null, null, Map.of(), 0)))
                .containsExactly("g3");
        assertThat(list(byId("account", GoldenState.DELETED, null, null, Map.of(), 0)))
                .isEmpty();
        assertThat(list(byId("none", null, null, null, Map.of(), 0))).isEmpty();
    }

    @Test
    void everyWordMustBeginAWordOfSomeValue() {
        save(
                golden("g1", "fullName", "Ann Lee-Smith", "email", "ann.lee@example.com", "city", "Ulm"),
                golden("g2", "fullName", "Joann Leeds", "city", "Neu-Ulm"),
                golden("g3", "fullName", "ÉMILE Zürn", "city", "Köln"));
        assertThat(search("ann")).containsExactly("g1");
        assertThat(search("LE")).containsExactly("g1", "g2");
        assertThat(search("ulm ann")).containsExactly("g1");
        assertThat(search("lee ulm")).containsExactly("g1", "g2");
        assertThat(search("smith")).containsExactly("g1");
        assertThat(search("mith")).isEmpty();
        assertThat(search("ann köln")).isEmpty();
        assertThat(search("émi ZÜ")).containsExactly("g3");
        assertThat(search("e\u0301mile")).containsExactly("g3");
        assertThat(search("Ann.Lee@Example.com")).containsExactly("g1");
        assertThat(search("example.c")).containsExactly("g1");
    }

    @Test
    void searchFollowsTheValues() {
        save(golden("g1", "fullName", "Ann"));
        save(golden("g1", "fullName", "Bea", "city", "Ulm"));
        assertThat(search("ann")).isEmpty();
        assertThat(search("bea ulm")).containsExactly("g1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "🏺 -- !", "\t\n"})
    void aTextWithoutWordsFindsAll(String text) {
        save(golden("g1", "fullName", "Ann"), golden("g2"));
        assertThat(search(text)).containsExactly("g1", "g2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann*",
                "ann~",
                "+ann",
                "(ann)",
                "\"ann\"",
                "ann OR bob",
                "name:ann",
                "ann\\",
                "' ann",
                "ann && x",
                "/ann/",
                "[ann]"
            })
    void nothingInATextIsAnOperator(String text) {
        save(golden("g1", "fullName", "ann"), golden("g2", "fullName", "bob"));
        assertThat(search(text)).isSubsetOf("g1").doesNotContain("g2");
        save(golden("g3", "fullName", "or and not && ann name bob x"));
        assertThat(search(text)).contains("g3");
    }

    @Test
    void manyWordsAndLongOnesAreFine() {
        save(golden("g1", "fullName", "x".repeat(10_000) + " 渡辺 謙"));
        assertThat(search("x".repeat(9_999))).containsExactly("g1");
        assertThat(search("渡 謙")).containsExactly("g1");
        assertThat(search("辺")).isEmpty();
    }

    @Test
    void attributesMustBeEqualToTheLetter() {
        save(
                golden("g1", "email", "ann@example.com", "city", "Ulm"),
                golden("g2", "email", "Ann@example.com", "city", "Ulm"),
                golden("g3", "city", "Ulm"));
        assertThat(list(byId(null, null, null, null, map("email", "ann@example.com"), 0)))
                .containsExactly("g1");
        assertThat(list(byId(null, null, null, null, map("city", "Ulm"), 0))).containsExactly("g1", "g2", "g3");
        assertThat(list(byId(null, null, null, null, map("city", "Ulm", "email", "Ann@example.com"), 0)))
                .containsExactly("g2");
        assertThat(list(byId(null, null, null, null, map("city", "ulm"), 0))).isEmpty();
        assertThat(list(byId(null, null, null, null, map("none", ""), 0))).isEmpty();
    }

    @Test
    void systemsAndNumbersOfRecordsFilter() {
        members();
        assertThat(list(byId(null, null, null, "crm", Map.of(), 0))).containsExactly("g1", "g2");
        assertThat(list(byId(null, null, null, "erp", Map.of(), 0))).containsExactly("g1");
        assertThat(list(byId(null, null, null, "none", Map.of(), 0))).isEmpty();
        assertThat(list(byId(null, null, null, null, Map.of(), 0))).containsExactly("g1", "g2", "g3");
        assertThat(list(byId(null, null, null, null, Map.of(), 1))).containsExactly("g1", "g2");
        assertThat(list(byId(null, null, null, null, Map.of(), 2))).containsExactly("g1");
        assertThat(list(byId(null, null, null, null, Map.of(), 3))).isEmpty();
    }

    @Test
    void filtersMeetInAnyCombination() {
        members();
        assertThat(list(byId("contact", GoldenState.ACTIVE, "an ul", "crm", map("city", "Ulm"), 1)))
                .containsExactly("g1", "g2");
        assertThat(list(byId("contact", GoldenState.ACTIVE, "an ul", "crm", map("city", "Ulm"), 2)))
                .containsExactly("g1");
        assertThat(list(byId("contact", GoldenState.ACTIVE, "anton", "erp", map("city", "Ulm"), 1)))
                .isEmpty();
    }

    @Test
    void everySortGoesBothWaysWithTiesById() {
        save(
                sortable("g1", 5, 1, "bob"),
                sortable("g2", 5, 2, "Ann"),
                sortable("g3", 4, 2, "Zoe"),
                sortable("g4", 6, 1, "ann"));
        assertSorted("updatedAt", "g1", "g4", "g2", "g3");
        assertSorted("createdAt", "g3", "g1", "g2", "g4");
        assertSorted("label", "g2", "g4", "g1", "g3");
        assertSorted("id", "g1", "g2", "g3", "g4");
    }

    @Test
    void theLabelIsTheNameElseAnyValueElseTheId() {
        save(
                golden("g1", "givenName", "Bea", "familyName", "Abt"),
                golden("g2", "email", "ann@example.com"),
                golden("cid"),
                golden("g4", "fullName", "Dan", "name", "x"),
                golden("g5", "name", "Eve"));
        assertSorted("label", "g2", "g1", "cid", "g4", "g5");
    }

    @Test
    void instantsSortByTimeHoweverManyDigitsTheyHave() {
        var noon = java.time.Instant.parse("2026-03-01T12:00:00Z");
        for (int i = 0; i < 3; i++) {
            save(new GoldenRecord(
                    "g" + i,
                    "contact",
                    GoldenState.ACTIVE,
                    1,
                    Map.of(),
                    null,
                    at(0),
                    noon.plusNanos(i * 500_000_000L)));
        }
        assertSorted("updatedAt", "g0", "g1", "g2");
    }

    @Test
    void anUnknownSortIsRefused() {
        assertThatThrownBy(() -> new Filter(null, null, null, null, Map.of(), 0, "mood", true))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"updatedAt", "createdAt", "label", "id"})
    void pagesStayRightWhileGoldensComeAndGo(String sort) {
        for (var descending : List.of(true, false)) {
            store = emptyStore();
            var before = new ArrayList<String>();
            for (int i = 0; i < 9; i++) {
                save(sortable("g" + i, i / 4, i / 3, "Name " + i / 2));
                before.add("g" + i);
            }
            var n = new int[] {0};
            var filter = new Filter(null, GoldenState.ACTIVE, "name", null, Map.of(), 0, sort, descending);
            var seen = pages((tx, cursor, limit) -> tx.goldens().list(filter, cursor, limit), 2, () -> {
                int i = n[0]++;
                save(
                        sortable("a" + i, -5, -5, "A name"),
                        sortable("g4" + i, 1, 1, "name 2"),
                        sortable("z" + i, 9, 9, "z name"));
            });
            assertThat(seen)
                    .extracting(GoldenRecord::id)
                    .as(sort + (descending ? " descending" : " ascending"))
                    .doesNotHaveDuplicates()
                    .containsAll(before);
        }
    }

    @Test
    void aPageThatEndsTheListHasNoNext() {
        save(golden("g1"), golden("g2"));
        assertThat(reads.goldens().list(Filter.all(), null, 2).next()).isNull();
        assertThat(reads.goldens().list(Filter.all(), null, 1).next()).isNotNull();
    }

    private void members() {
        var gone = record(key("crm", "1")).withState(RecordState.DELETED);
        save(
                golden("g1", "fullName", "Ann", "city", "Ulm"),
                golden("g2", "fullName", "Anton", "city", "Ulm"),
                golden("g3", "fullName", "Ann", "city", "Bonn"));
        write(tx -> {
            tx.records().save(List.of(gone, record(key("crm", "2")), record(key("erp", "1"))));
            tx.goldens()
                    .assign(List.of(
                            member(key("crm", "1"), "g2"),
                            member(key("crm", "2"), "g1"),
                            member(key("erp", "1"), "g1")));
        });
    }

    private static GoldenRecord sortable(String id, long created, long updated, String name) {
        var g = golden(id, "fullName", name);
        return new GoldenRecord(id, "contact", GoldenState.ACTIVE, 1, g.values(), null, at(created), at(updated));
    }

    private void assertSorted(String sort, String... ids) {
        var up = new Filter(null, null, null, null, Map.of(), 0, sort, false);
        var down = new Filter(null, null, null, null, Map.of(), 0, sort, true);
        assertThat(list(up)).as(sort).containsExactly(ids);
        var reversed = new ArrayList<>(List.of(ids));
        java.util.Collections.reverse(reversed);
        assertThat(list(down)).as(sort + " descending").isEqualTo(reversed);
    }

    private static Filter byId(
            String type, GoldenState state, String text, String system, Map<String, String> equal, int minimum) {
        return new Filter(type, state, text, system, equal, minimum, "id", false);
    }

    private List<String> search(String text) {
        return list(byId(null, null, text, null, Map.of(), 0));
    }

    private List<String> list(Filter filter) {
        return pages((tx, cursor, limit) -> tx.goldens().list(filter, cursor, limit), 2).stream()
                .map(GoldenRecord::id)
                .toList();
    }

    private void save(GoldenRecord... goldens) {
        writes.goldens().save(List.of(goldens), List.of());
    }
}
