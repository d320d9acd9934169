package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Copy;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DryRunMarksTest extends DryRunScenes {
    @Test
    @DisplayName("SYN-11, DEL-7: a dry run says of a delete that it marks a record, or archives it")
    void whatIsDoneInstead() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        hub.system("erp").deletes = false;
        hub.system("erp").put(NativeFields.field("status", FieldType.STRING, true, List.of()));
        hub.marks("erp", new WhenDeleted("status", "Inactive", "Active"));
        hub.system("web").archives = true;
        people(hub, 7, 30);
        var all = new Rule(Action.REVIEW, Action.REVIEW, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy("contact", 1, all, List.of(), Brake.USUAL));
        hub.settle();
        hub.system("crm").delete(hub.system("crm").records().keySet().iterator().next());
        hub.settle();
        var open = new Reviews.Filter(Review.Kind.DELETED, ReviewState.OPEN, null, null, null, "openedAt");
        var asked =
                hub.store.read(tx -> tx.reviews().list(open, null, 9)).items().get(0);
        var told = dry(
                hub,
                new Change(
                        Set.of(),
                        store -> hub.model.get(),
                        copy -> stewardship(copy).answerDeletion(asked.id(), asked.revision(), true, null, "sam"),
                        store -> {}));
        assertThat(told.changes().stream().filter(change -> change.kind() == Kind.DELETE))
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.why())
                        .isEqualTo(
                                change.system().equals("erp")
                                        ? "status becomes Inactive; the record stays there"
                                        : "kept there among what is deleted"));
    }

    private static Stewardship stewardship(Copy copy) {
        var events = new HubEvents();
        var resolver = new Resolver(copy.store(), copy.model(), copy.clock(), Ids.secure(copy.clock()), events);
        return new Stewardship(copy.store(), copy.model(), resolver, copy.clock(), events, system -> null);
    }
}
