package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Blocks.Candidate;
import java.util.List;
import java.util.Map;
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
        assertThat(writes.blocks().claim(sorted(MAIL, NAME)))
                .isEqualTo(Map.of(MAIL, new BlockKey(MAIL, 1, false), NAME, new BlockKey(NAME, 0, false)));
        assertThat(writes.blocks().claim(sorted())).isEmpty();
    }

    @Test
    void keysAreToldApartToTheLetter() {
        assign(A, "contact|x");
        assign(B, "contact|X");
        assertThat(candidates(A)).isEmpty();
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
        assertThat(writes.blocks().claim(sorted(MAIL)).get(MAIL).records()).isEqualTo(1);
    }

    @Test
    void manyRecordsAreAssignedAtOnce() {
        write(tx -> {
            tx.blocks().claim(sorted(MAIL, NAME));
            tx.blocks().assign(Map.of(A, sorted(MAIL), B, sorted(MAIL, NAME), C, sorted()));
            tx.blocks().assign(Map.of());
        });
        assertThat(holders(MAIL)).containsExactly(A, B);
        assertThat(holders(NAME)).containsExactly(B);
    }

    @Test
    void recordsThatShareAKeyAreCandidatesOnceWithTheSmallestKey() {
        assign(A, MAIL, NAME, PHONE);
        assign(B, PHONE, NAME);
        assign(C, PHONE);
        assertThat(candidates(A)).containsExactlyInAnyOrder(new Candidate(A, B, NAME), new Candidate(A, C, PHONE));
        assertThat(candidates(C)).containsExactlyInAnyOrder(new Candidate(C, A, PHONE), new Candidate(C, B, PHONE));
    }

    @Test
    void aPairIsNamedOncePerGivenRecord() {
        assign(A, MAIL);
        assign(B, MAIL);
        assertThat(candidates(A, B)).containsExactlyInAnyOrder(new Candidate(A, B, MAIL), new Candidate(B, A, MAIL));
        assertThat(candidates(A, A)).containsExactly(new Candidate(A, B, MAIL));
    }

    @Test
    void recordsWithoutACommonKeyUnknownRecordsAndNobodyHaveNoCandidates() {
        assign(A, MAIL);
        assign(B, NAME);
        assertThat(candidates(A, B, C, key("crm", "404"))).isEmpty();
        assertThat(candidates()).isEmpty();
    }

    @Test
    void recordsOfOneSystemAreCandidatesToo() {
        var twin = key("crm", "z");
        writes.records().save(List.of(record(twin)));
        assign(A, MAIL);
        assign(twin, MAIL);
        assertThat(candidates(twin)).containsExactly(new Candidate(twin, A, MAIL));
    }

    @Test
    void deletedRecordsAreNoCandidatesAndHaveNone() {
        assign(A, MAIL);
        assign(B, MAIL);
        assign(C, MAIL);
        writes.records().save(List.of(record(B).withState(RecordState.DELETED)));
        assertThat(candidates(A, B)).containsExactly(new Candidate(A, C, MAIL));
        assertThat(holders(MAIL)).containsExactly(A, B, C);
        assertThat(writes.blocks().claim(sorted(MAIL)).get(MAIL).records()).isEqualTo(3);
    }

    @Test
    void recordsThatIdentifyNothingAreLeftToTheCaller() {
        assign(A, MAIL);
        assign(B, MAIL);
        writes.records().save(List.of(record(B).withState(RecordState.UNKEYED)));
        assertThat(candidates(A)).containsExactly(new Candidate(A, B, MAIL));
    }

    @Test
    void genericKeysBringNobodyTogether() {
        assign(A, MAIL, PHONE);
        assign(B, MAIL, PHONE);
        assign(C, MAIL);
        writes.blocks().markGeneric(List.of(MAIL));
        assertThat(candidates(A)).containsExactly(new Candidate(A, B, PHONE));
        assertThat(candidates(C)).isEmpty();
    }

    @Test
    void genericIsForEver() {
        assign(A, MAIL);
        writes.blocks().markGeneric(List.of(MAIL, MAIL));
        writes.blocks().markGeneric(List.of(MAIL));
        assign(A);
        assign(B, MAIL);
        assertThat(writes.blocks().claim(sorted(MAIL))).containsValue(new BlockKey(MAIL, 1, true));
    }

    @Test
    void markingNothingOrAnUnknownKeyIsIgnored() {
        writes.blocks().markGeneric(List.of());
        writes.blocks().markGeneric(List.of("contact|unknown"));
        assertThat(reads.blocks().generic(9)).isEmpty();
    }

    @Test
    void genericKeysAreListedByRecordsThenByValue() {
        assign(A, NAME, PHONE, MAIL);
        assign(B, NAME, "contact|a", "contact|b");
        write(tx -> {
            tx.blocks().claim(sorted("contact|none"));
            tx.blocks().markGeneric(List.of(NAME, "contact|b", "contact|a", "contact|none"));
        });
        assertThat(reads.blocks().generic(9))
                .containsExactly(
                        new BlockKey(NAME, 2, true),
                        new BlockKey("contact|a", 1, true),
                        new BlockKey("contact|b", 1, true),
                        new BlockKey("contact|none", 0, true));
        assertThat(reads.blocks().generic(2)).extracting(BlockKey::value).containsExactly(NAME, "contact|a");
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
            tx.blocks().claim(sorted(keys));
            tx.blocks().assign(Map.of(record, sorted(keys)));
        });
    }

    private List<Candidate> candidates(RecordKey... records) {
        return reads.blocks().candidates(List.of(records));
    }

    private List<RecordKey> holders(String key) {
        return reads.blocks().holders(key, 99);
    }
}
