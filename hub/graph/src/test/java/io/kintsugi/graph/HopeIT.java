package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Records.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What seems new is created without a second look; where that is wrong, the work is done again. */
class HopeIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final RecordKey KEY = new RecordKey("crm", "contact", "1");

    private final GraphHubStore store = TestGraph.shared().emptyStore();

    private static SourceRecord record(String email) {
        return SourceRecord.observed(KEY, "contacts", Map.of("email", email), null, NOW, null);
    }

    private void save(SourceRecord record) {
        store.<Boolean>write(tx -> {
            tx.records().save(List.of(record));
            return true;
        });
    }

    @Test
    void aRecordThatAnotherMakesAfterTheLookKeepsItsHistory() {
        var runs = new int[1];
        store.<Boolean>write(tx -> {
            var known = tx.records().find(List.of(KEY)); // a lock would keep the other waiting, also where nothing is
            if (++runs[0] == 1) {
                assertThat(known).isEmpty();
                save(record("theirs"));
            }
            tx.records().save(List.of(record("ours")));
            return true;
        });
        assertThat(runs[0]).isEqualTo(2);
        List<Revision> former = store.read(tx -> tx.records().revisions(KEY, 9));
        assertThat(former).containsExactly(new Revision(NOW, Map.of("email", "theirs")));
    }

    @Test
    void aNewRecordIsStoredAtOnceAndCanBeSavedAgain() {
        store.<Boolean>write(tx -> {
            assertThat(tx.records().find(List.of(KEY))).isEmpty();
            tx.records().save(List.of(record("first")));
            tx.records().save(List.of(record("second")));
            return true;
        });
        Map<RecordKey, SourceRecord> found = store.read(tx -> tx.records().find(List.of(KEY)));
        assertThat(found).containsEntry(KEY, record("second"));
    }

    @Test
    void aGoldenOfTheFirstRevisionCanBeSavedTwice() {
        var golden = new GoldenRecord("g1", "contact", GoldenState.ACTIVE, 1, Map.of(), null, NOW, NOW);
        for (int i = 0; i < 2; i++) {
            store.<Boolean>write(tx -> {
                tx.goldens().save(List.of(golden), List.of());
                return true;
            });
        }
        Map<String, GoldenRecord> found = store.read(tx -> tx.goldens().find(List.of("g1")));
        assertThat(found).containsEntry("g1", golden);
    }
}
