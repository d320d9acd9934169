package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** People delete a thing while an unmerge is about to bring one of its records back. */
abstract class ReturnContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example");
    private static final RecordKey RETURNING = RecordKey.parse("crm:contact:2");

    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** Two people in each system; merged in the crm, taken apart, and the crm does not answer. */
    @BeforeEach
    void aboutToComeBack() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp");
        for (var system : hub.systems.values()) {
            system.edit("1", ANNA);
            hub.takeIn();
            system.edit("2", BRUNO);
            hub.takeIn();
        }
        hub.duplicates("crm", new Duplicates(When.MERGE_DECIDED, true));
        hub.settle();
        var anna = hub.golden("crm:contact:1").id();
        var bruno = hub.golden("crm:contact:2").id();
        hub.clock.advance(Duration.ofMinutes(1));
        var merge = hub.stewardship.merge(List.of(anna, bruno), anna, Map.of(), "the same", "ada");
        hub.settle();
        assertThat(state(RETURNING)).isEqualTo(RecordState.FOLDED);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").fault = op -> op instanceof WriteOp.Create
                ? new WriteResult.NotAttempted(op.opId(), "out of order until tomorrow")
                : null;
        var revision = hub.golden("crm:contact:1").revision();
        hub.stewardship.unmerge(merge.id(), UnmergeMode.SINGLE, revision, "not the same", "ada");
        hub.settle();
        assertThat(state(RETURNING)).isEqualTo(RecordState.RETURNING);
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private void policy(Action action, Duration grace) {
        var rule = new DeletePolicy.Rule(action, action, grace, Conflict.DELETE_WINS);
        hub.deletes(new DeletePolicy("contact", 1, rule, List.of(), Brake.USUAL));
    }

    private RecordState state(RecordKey key) {
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key).state();
    }

    private Deletion deletion() {
        var all = hub.store.read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 100));
        assertThat(all.items()).hasSize(1);
        return all.items().get(0);
    }

    private void anHourPasses() {
        hub.settle();
        for (int minutes : List.of(2, 2, 61, 2, 2)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROPAGATE", "DISCONNECT", "SEVER"})
    @DisplayName(
            "DEL-1, DEL-10: what people delete elsewhere before it is back does not come back, until it is restored")
    void doesNotComeBack(Action action) {
        policy(action, Duration.ZERO);
        hub.system("erp").delete("2");
        anHourPasses();
        hub.system("crm").fault = op -> null;
        anHourPasses();
        assertThat(state(RETURNING)).isEqualTo(RecordState.DELETED);
        assertThat(hub.system("crm").records()).containsOnlyKeys("1");
        assertThat(deletion().steps()).allMatch(step -> step.state() == StepState.DONE);
        var seen = deletion();
        hub.stewardship.restore(seen.id(), seen.revision(), "ada");
        anHourPasses();
        assertThat(hub.system("crm").records()).hasSize(2);
    }

    @Test
    @DisplayName("DEL-1: what came back while its delete waited is deleted in its place")
    void cameBackMeanwhile() {
        policy(Action.PROPAGATE, Duration.ofHours(1));
        hub.system("erp").delete("2");
        hub.settle();
        assertThat(deletion().steps().get(0).target()).isEqualTo(RETURNING);
        hub.system("crm").fault = op -> null;
        hub.clock.advance(Duration.ofMinutes(5));
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(2);
        assertThat(deletion().steps().get(0).target()).isNotEqualTo(RETURNING);
        anHourPasses();
        assertThat(hub.system("crm").records()).containsOnlyKeys("1");
        assertThat(deletion().steps()).allMatch(step -> step.state() == StepState.DONE);
    }

    @Test
    @DisplayName("DEL-1: what is on its way back when its delete is due is deleted once it is there")
    void onItsWay() {
        policy(Action.PROPAGATE, Duration.ofHours(1));
        hub.system("erp").delete("2");
        hub.settle();
        hub.system("crm").fault = op -> {
            if (!(op instanceof WriteOp.Create)) return null;
            hub.clock.advance(Duration.ofHours(1));
            hub.resolver.resolvePending(20);
            return null;
        };
        hub.clock.advance(Duration.ofMinutes(5));
        hub.send("crm");
        assertThat(hub.system("crm").records()).hasSize(2);
        anHourPasses();
        assertThat(hub.system("crm").records()).containsOnlyKeys("1");
        assertThat(deletion().steps()).allMatch(step -> step.state() == StepState.DONE);
    }
}
