package io.kintsugi.server.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.recovery.Certificate.Candidate;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConflictJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-20T09:14:00Z");
    private final MemoryHubStore store = new MemoryHubStore();

    private static Conflict conflict(String golden, String from, String... records) {
        var candidates = java.util.stream.Stream.of(records)
                .map(record -> new Candidate(record, "value of " + record, NOW, record.equals(from)))
                .toList();
        return new Conflict(golden, "contact", "city", "value of " + from, from, "LATEST", candidates);
    }

    private static Certificate certificate(String run, List<Conflict> inItself, Integer... passes) {
        return new Certificate(
                run,
                "the hub was down",
                NOW,
                NOW,
                true,
                NOW,
                List.of(),
                inItself,
                9,
                List.of(passes),
                new TreeMap<>(),
                List.of());
    }

    private void save(String run, int part, Conflict... conflicts) {
        store.write(tx -> ConflictJournal.save(tx, run, part, List.of(conflicts), NOW));
    }

    private Page<Conflict> page(Certificate certificate, String cursor, int limit) {
        return store.read(tx -> ConflictJournal.page(tx, certificate, cursor, limit, false));
    }

    private List<String> goldens(Certificate certificate) {
        return page(certificate, null, 500).items().stream()
                .map(Conflict::goldenId)
                .toList();
    }

    @Test
    @DisplayName("GOV-7: a cursor stays valid while the list loses what is erased, and one of another list is refused")
    void cursors() {
        save("run-1", 0, conflict("G1", "crm:contact:1"), conflict("G2", "crm:contact:2"));
        save("run-1", 1, conflict("G0", "crm:contact:0"), conflict("G3", "crm:contact:3"));
        var certificate = certificate("run-1", List.of(), 1, 2);
        var first = page(certificate, null, 2);
        assertThat(first.items()).extracting(Conflict::goldenId).containsExactly("G1", "G2");
        store.write(tx -> {
            ConflictJournal.forget(tx, Set.of("G1", "G2", "G0"), List.of(), NOW);
            return null;
        });
        var rest = page(certificate, first.next(), 2);
        assertThat(rest.items()).extracting(Conflict::goldenId).containsExactly("G3");
        assertThat(rest.next()).isNull();
        assertThatThrownBy(() -> page(certificate, "nonsense", 2))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    @DisplayName(
            "GOV-7: conflicts of the last recoveries that had any are kept, older ones are dropped, wherever they are")
    void older() {
        var earlier = certificate("run-0", List.of(conflict("G9", "crm:contact:9", "crm:contact:9")));
        store.write(tx -> {
            tx.journal().saveRun(new Run("run-0", "recovery", null, null, RunState.DONE, Map.of(), -1, NOW, NOW, null));
            earlier.save(tx, NOW);
            ConflictJournal.start(tx, NOW);
            return null;
        });
        for (int i = 1; i < ConflictJournal.RECOVERIES; i++) {
            save("run-" + i, 0, conflict("G" + i, "crm:contact:1"));
            save("run-" + i, 1, conflict("H" + i, "crm:contact:1"));
        }
        var second = certificate("run-1", List.of(), 2);
        assertThat(stored("run-0").conflicts()).hasSize(1);
        save("run-20", 0, conflict("G20", "crm:contact:1"));
        assertThat(stored("run-0").conflicts()).isEmpty();
        assertThat(stored("run-0").conflictCount()).isEqualTo(9);
        assertThat(goldens(second)).containsExactly("G1", "H1");
        save("run-21", 0, conflict("G21", "crm:contact:1"));
        assertThat(goldens(second)).isEmpty();
        String contents = store.read(tx -> store.contents());
        assertThat(contents).doesNotContain("G1\"", "H1\"");
    }

    private Certificate stored(String run) {
        return store.read(tx -> Certificate.find(tx, run)).orElseThrow();
    }

    @Test
    @DisplayName(
            "DEL-11: a conflict is forgotten with its golden record, with any of its records, and with the one that stands")
    void forgets() {
        save(
                "run-1",
                0,
                conflict("G1", "crm:contact:1", "crm:contact:1"),
                conflict("G2", "crm:contact:2", "crm:contact:2", "erp:contact:gone"),
                conflict("G3", "erp:contact:gone", "crm:contact:3"),
                conflict("G4", "crm:contact:4", "crm:contact:4"));
        store.write(tx -> {
            ConflictJournal.forget(tx, Set.of("G1"), List.of(RecordKey.parse("erp:contact:gone")), NOW);
            return null;
        });
        assertThat(goldens(certificate("run-1", List.of(), 1))).containsExactly("G4");
    }

    @Test
    @DisplayName("DEL-11: what is erased between being found in conflict and being listed is not listed")
    void erasedMeanwhile() {
        store.write(tx -> {
            tx.goldens().save(List.of(golden("G1", GoldenState.ERASED), golden("G2", GoldenState.ACTIVE)), List.of());
            return null;
        });
        save("run-1", 0, conflict("G1", "crm:contact:1"), conflict("G2", "crm:contact:2"));
        assertThat(goldens(certificate("run-1", List.of(), 1))).containsExactly("G2");
    }

    private static GoldenRecord golden(String id, GoldenState state) {
        return new GoldenRecord(id, "contact", state, 1, Map.of(), null, NOW, NOW);
    }
}
