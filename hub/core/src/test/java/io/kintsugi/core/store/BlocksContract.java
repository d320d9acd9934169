package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.keys;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Blocks.Holder;
import io.kintsugi.core.store.Blocks.Near;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Blocks} promises. */
public abstract class BlocksContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");
    private static final RecordKey C = key("web", "c");
    private static final String MAIL = "contact|email|ann@example.com";
    private static final String NAME = "contact|name|ann ü🏺";
    private static final String PHONE = "contact|phone|1";

    @BeforeEach
    void threeRecords() {
        writes.records().save(List.of(record(A), record(B), record(C)));
    }

    @Test
    void claimingCreatesWhatIsMissingAndNamesEveryKeyAsked() {
        assign(A, MAIL);
        assertThat(claim(MAIL, NAME))
                .isEqualTo(Map.of(
                        MAIL,
                        new BlockKey(MAIL, 1, false, List.of(holder(record(A)))),
                        NAME,
                        new BlockKey(NAME, 0, false, List.of())));
        assertThat(claim()).isEmpty();
    }

    @Test
    void knownKeysAreFoundWithTheNumberOfTheirHolders() {
        assign(A, MAIL, NAME);
        assign(B, MAIL);
        claim(PHONE);
        writes.blocks().markGeneric(List.of(NAME));
        assertThat(reads.blocks().find(List.of(MAIL, NAME, PHONE, "contact|none", MAIL)))
                .isEqualTo(Map.of(
                        MAIL, new BlockKey(MAIL, 2, false, List.of()),
                        NAME, new BlockKey(NAME, 1, true, List.of()),
                        PHONE, new BlockKey(PHONE, 0, false, List.of())));
        assertThat(reads.blocks().find(List.of())).isEmpty();
    }

    @Test
    void keysAreToldApartToTheLetter() {
        assign(A, "contact|x");
        assertThat(claim("contact|X").get("contact|X").holders()).isEmpty();
    }

    @Test
    void aClaimNamesEveryHolderWithItsContentAndState() {
        var changed = record(A, "email", "new@example.com");
        var deleted = record(B).withState(RecordState.DELETED);
        var unkeyed = record(C).withState(RecordState.UNKEYED);
        for (var record : List.of(A, B, C)) assign(record, MAIL);
        writes.records().save(List.of(changed, deleted, unkeyed));
        var claimed = claim(MAIL).get(MAIL);
        assertThat(claimed.records()).isEqualTo(3);
        assertThat(claimed.holders()).containsExactlyInAnyOrder(holder(changed), holder(deleted), holder(unkeyed));
    }

    @Test
    void aClaimNamesNoHoldersOfAKeyThatMoreHoldThanAskedOrThatIsGeneric() {
        for (var record : List.of(A, B, C)) assign(record, MAIL, PHONE);
        assertThat(store.<BlockKey>write(
                        tx -> tx.blocks().claim(sorted(MAIL), 2).get(MAIL)))
                .isEqualTo(new BlockKey(MAIL, 3, false, List.of()));
        writes.blocks().markGeneric(List.of(PHONE));
        assertThat(claim(PHONE).get(PHONE)).isEqualTo(new BlockKey(PHONE, 3, true, List.of()));
    }

    @Test
    void whoHoldsAGenericKeyIsStoredAndCounted() {
        assign(A, MAIL);
        writes.blocks().markGeneric(List.of(MAIL));
        assign(B, MAIL);
        assertThat(holders(MAIL)).containsExactly(A, B);
        assign(A);
        assertThat(claim(MAIL)).containsValue(new BlockKey(MAIL, 1, true, List.of()));
    }

    @Test
    void theKeysOfRecordsAreKnown() {
        assign(A, MAIL, NAME);
        assign(B, MAIL);
        writes.blocks().markGeneric(List.of(NAME));
        assertThat(reads.blocks().of(List.of(A, B, C, key("crm", "unknown"), A)))
                .isEqualTo(Map.of(A, sorted(MAIL, NAME), B, sorted(MAIL)));
        write(tx -> {
            tx.blocks().claim(sorted(MAIL, NAME, PHONE), 99);
            tx.records().hold(keys(A, C));
            tx.blocks().assign(Map.of(A, sorted(), C, sorted(PHONE)));
            assertThat(tx.blocks().of(List.of(A, C))).isEqualTo(Map.of(C, sorted(PHONE)));
        });
        assertThat(reads.blocks().of(List.of())).isEmpty();
    }

    @Test
    void assignReplacesTheKeysOfARecordAndOfNoOther() {
        assign(A, MAIL, NAME);
        assign(B, MAIL);
        assign(A, NAME, PHONE);
        assertThat(holders(MAIL)).containsExactly(B);
        assertThat(holders(NAME)).containsExactly(A);
        assertThat(holders(PHONE)).containsExactly(A);
        assign(A);
        assertThat(holders(NAME)).isEmpty();
        assertThat(holders(MAIL)).containsExactly(B);
    }

    @Test
    void assigningTwiceIsOnce() {
        assign(A, MAIL);
        assign(A, MAIL);
        assertThat(claim(MAIL).get(MAIL).records()).isEqualTo(1);
    }

    @Test
    void keysOfARecordThatWasHeldAreAssignedOnceAndReplacedToo() {
        write(tx -> {
            tx.blocks().claim(sorted(MAIL, NAME), 99);
            tx.records().hold(keys(A)); // nothing was tied to it then
            tx.blocks().assign(Map.of(A, sorted(MAIL, NAME)));
            tx.blocks().assign(Map.of(A, sorted(NAME)));
        });
        assertThat(holders(MAIL)).isEmpty();
        assertThat(claim(NAME).get(NAME).records()).isEqualTo(1);
    }

    @Test
    void manyRecordsAreAssignedAtOnce() {
        write(tx -> {
            tx.blocks().claim(sorted(MAIL, NAME), 99);
            tx.blocks().assign(Map.of(A, sorted(MAIL), B, sorted(MAIL, NAME), C, sorted()));
            tx.blocks().assign(Map.of());
        });
        assertThat(holders(MAIL)).containsExactly(A, B);
        assertThat(holders(NAME)).containsExactly(B);
    }

    @Test
    void genericIsWhatIsMarkedUntilItIsUnmarked() {
        assign(A, MAIL);
        writes.blocks().markGeneric(List.of(MAIL, MAIL));
        writes.blocks().markGeneric(List.of(MAIL));
        assign(A);
        assign(B, MAIL);
        assertThat(claim(MAIL)).containsValue(new BlockKey(MAIL, 1, true, List.of()));
        writes.blocks().unmarkGeneric(List.of(MAIL, MAIL));
        writes.blocks().unmarkGeneric(List.of(MAIL));
        assertThat(claim(MAIL)).containsValue(new BlockKey(MAIL, 1, false, List.of(holder(record(B)))));
        assertThat(reads.blocks().generic(9)).isEmpty();
        assertThat(near(9, MAIL)).containsExactly(new Near(record(B), null));
    }

    @Test
    void markingNothingOrAnUnknownKeyIsIgnored() {
        writes.blocks().markGeneric(List.of());
        writes.blocks().markGeneric(List.of("contact|unknown"));
        writes.blocks().unmarkGeneric(List.of());
        writes.blocks().unmarkGeneric(List.of("contact|unknown"));
        assertThat(reads.blocks().generic(9)).isEmpty();
        assertThat(reads.blocks().find(List.of("contact|unknown"))).isEmpty();
    }

    @Test
    void genericKeysAreListedByRecordsThenByValue() {
        assign(A, NAME, PHONE, MAIL);
        assign(B, NAME, "contact|a", "contact|b");
        write(tx -> {
            tx.blocks().claim(sorted("contact|none"), 99);
            tx.blocks().markGeneric(List.of(NAME, "contact|b", "contact|a", "contact|none"));
        });
        assertThat(reads.blocks().generic(9))
                .containsExactly(
                        new BlockKey(NAME, 2, true, List.of()),
                        new BlockKey("contact|a", 1, true, List.of()),
                        new BlockKey("contact|b", 1, true, List.of()),
                        new BlockKey("contact|none", 0, true, List.of()));
        assertThat(reads.blocks().generic(2)).extracting(BlockKey::value).containsExactly(NAME, "contact|a");
    }

    @Test
    void whoIsNearComesOnceWithItsGoldenAndNotThroughAKeyThatDoesNotBlock() {
        assign(A, MAIL, NAME, PHONE);
        assign(B, NAME);
        assign(C, PHONE);
        write(tx -> {
            tx.blocks().markGeneric(List.of(PHONE));
            tx.goldens().save(List.of(golden("g1")), List.of());
            tx.goldens().assign(List.of(member(B, "g1")));
        });
        assertThat(near(9, MAIL, NAME, PHONE, "contact|unknown"))
                .containsExactlyInAnyOrder(new Near(record(A), null), new Near(record(B), "g1"));
        assertThat(near(1, MAIL, NAME)).containsExactly(new Near(record(A), null));
        assertThat(near(9)).isEmpty();
    }

    private List<Near> near(int limit, String... keys) {
        return reads.blocks().near(List.of(keys), limit);
    }

    @Test
    void holdersComeByKeyAndNoMoreThanAsked() {
        assign(C, MAIL);
        assign(A, MAIL);
        assign(B, MAIL);
        assertThat(holders(MAIL)).containsExactly(A, B, C);
        assertThat(reads.blocks().holders(MAIL, 2)).containsExactly(A, B);
        assertThat(holders("contact|unknown")).isEmpty();
    }

    private void assign(RecordKey record, String... keys) {
        write(tx -> {
            var claims = new TreeSet<>(sorted(keys));
            tx.blocks().of(List.of(record)).values().forEach(claims::addAll);
            tx.blocks().claim(claims, 99);
            tx.blocks().assign(Map.of(record, sorted(keys)));
        });
    }

    private Map<String, BlockKey> claim(String... keys) {
        return writes.blocks().claim(sorted(keys), 99);
    }

    private static Holder holder(SourceRecord record) {
        return new Holder(record.key(), record.hash(), record.state());
    }

    private List<RecordKey> holders(String key) {
        return reads.blocks().holders(key, 99);
    }
}
