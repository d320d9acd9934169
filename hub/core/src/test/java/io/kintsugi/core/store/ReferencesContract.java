package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.References.Reference;
import io.kintsugi.core.store.References.Referrer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link References} promises. */
public abstract class ReferencesContract extends HubStoreContract {
    private static final RecordKey ANNA = key("crm", "anna");
    private static final RecordKey BERT = key("crm", "bert");
    private static final RecordKey ACME = new RecordKey("crm", "account", "a:1");
    private static final RecordKey NOBODY = new RecordKey("crm", "account", "404");

    @BeforeEach
    void twoRecords() {
        writes.records().save(List.of(record(ANNA), record(BERT)));
    }

    private static Reference account(RecordKey to) {
        return new Reference("account", to);
    }

    @Test
    void whatIsNamedNeedNotExist() {
        writes.references().save(Map.of(ANNA, Set.of(account(ACME)), BERT, Set.of(account(ACME))));
        assertThat(reads.references().to(List.of(ACME, NOBODY))).containsExactly(ANNA, BERT);
        assertThat(reads.references().to(List.of(NOBODY))).isEmpty();
        assertThat(reads.references().to(List.of())).isEmpty();
    }

    @Test
    void theReferencesOfARecordAreExactlyTheLast() {
        var manager = new Reference("manager", BERT);
        writes.references().save(Map.of(ANNA, Set.of(account(ACME), manager)));
        writes.references().save(Map.of(ANNA, Set.of(account(ACME), manager)));
        assertThat(reads.references().of(List.of(ANNA, BERT)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(ANNA, Set.of(account(ACME), manager)));
        writes.references().save(Map.of(ANNA, Set.of(account(NOBODY)), BERT, Set.of()));
        assertThat(reads.references().of(List.of(ANNA, BERT)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(ANNA, Set.of(account(NOBODY))));
        assertThat(reads.references().to(List.of(ACME, BERT))).isEmpty();
        writes.references().save(Map.of(ANNA, Set.of()));
        assertThat(reads.references().of(List.of(ANNA))).isEmpty();
        assertThat(reads.references().to(List.of(NOBODY))).isEmpty();
    }

    @Test
    void oneRecordMayNameAnotherTwice() {
        writes.references().save(Map.of(ANNA, Set.of(account(ACME), new Reference("payer", ACME))));
        assertThat(reads.references().to(List.of(ACME))).containsExactly(ANNA);
    }

    private void golden(String id, GoldenState state, String account, RecordKey member) {
        Map<String, GoldenValue> values =
                account == null ? Map.of() : Map.of("account", new GoldenValue(account, 1, null, null, "LATEST", 1));
        writes.goldens()
                .save(
                        List.of(new GoldenRecord(id, "contact", state, 1, values, null, Samples.at(0), Samples.at(0))),
                        List.of());
        writes.goldens().assign(List.of(new Membership(member, id, Samples.at(0), Origin.RULE, Set.of())));
    }

    @Test
    void whoRefersToAGoldenIsFoundInPages() {
        var cleo = key("web", "cleo");
        var dora = key("web", "dora");
        var emil = key("web", "emil");
        writes.records().save(List.of(record(ACME), record(cleo), record(dora), record(emil)));
        golden("G1", GoldenState.ACTIVE, null, ACME);
        golden("G2", GoldenState.ACTIVE, "G1", ANNA);
        golden("G3", GoldenState.ACTIVE, "G9", BERT); // the record says so, the golden does not
        golden("G4", GoldenState.DELETED, "G1", cleo);
        golden("G5", GoldenState.ACTIVE, "G1", dora);
        golden("G6", GoldenState.ACTIVE, "G1", emil);
        for (var child : List.of(ANNA, BERT, cleo, dora, emil)) {
            writes.references().save(Map.of(child, Set.of(account(ACME))));
        }
        assertThat(reads.references().referrers("G1", "", 2))
                .containsExactly(new Referrer("G2", List.of("account")), new Referrer("G5", List.of("account")));
        assertThat(reads.references().referrers("G1", "G5", 2)).containsExactly(new Referrer("G6", List.of("account")));
        assertThat(reads.references().referrers("G404", "", 2)).isEmpty();
    }
}
