package io.kintsugi.server.engine.erasure;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.RolledBack;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Erases things for good (DEL-11): in the systems, as far as they let the hub, and then in the hub itself. Everything that is left to
 * do is stored, so a hub that is killed at any point goes on. Thread-safe.
 */
public final class Erasing {
    private final HubStore store;
    private final LiveModel model;
    private final Resolver resolver;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final Function<String, Catalog> catalogs;

    /** @param catalogs what a system offers; gives null for one that has not answered yet */
    public Erasing(
            HubStore store,
            LiveModel model,
            Resolver resolver,
            Clock clock,
            Ids ids,
            HubEvents events,
            Function<String, Catalog> catalogs) {
        this.store = store;
        this.model = model;
        this.resolver = resolver;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.catalogs = catalogs;
    }

    /**
     * What an erasure would do.
     *
     * @param plan as it would begin
     * @param removed what would be removed from the hub, by kind
     * @param referring golden records that refer to it; they stay, and refer to nothing then
     * @param withdrawn changes on their way to systems that would not be sent
     */
    public record Preview(Erasure plan, Map<String, Long> removed, long referring, long withdrawn) {}

    /** What {@link #erase} would do now. Changes nothing. */
    public Preview preview(String goldenId) {
        return RolledBack.run(store, tx -> {
            var request = request(tx, "preview");
            var erasure = request.begin(goldenId, null, "preview");
            var work = work(tx);
            return new Preview(erasure, work.forget(erasure).removed(), request.referring(), request.withdrawn());
        });
    }

    /**
     * Begins to erase a golden record with all its records, now and without grace: the delete policy, its brake and edits made
     * meanwhile do not stop it. From now on nothing else is written of it, and what it is known by may not come back.
     *
     * @param reason kept for ever, so it must not name the thing
     * @throws HubException {@code NOT_FOUND}; {@code GONE} if it was erased; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if it is
     *     being erased or was merged into another; {@code UNPROCESSABLE} if the reason holds one of its values
     */
    public Erasure erase(String goldenId, long revision, String reason, String by) {
        return commit(tx -> request(tx, by).begin(goldenId, revision, reason));
    }

    /**
     * Leaves the rest of one system to a person, so that the hub does not wait for a system that is away or refuses.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if nothing waits there
     */
    public Erasure byHand(String id, long revision, String hash, String by) {
        return change(id, revision, step -> {
            require(step, hash, step.state() == StepState.WAITING, "is not waiting");
            return matches(step, hash)
                    ? step.to(StepState.BY_HAND, "left to a person by " + by, clock.instant())
                    : step;
        });
    }

    /**
     * Takes a person's word that a record is gone for good from its system.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if nobody is asked
     */
    public Erasure attest(String id, long revision, String hash, String by) {
        return change(id, revision, step -> {
            boolean asked = step.state() == StepState.BY_HAND || step.state() == StepState.TOLD;
            require(step, hash, asked, "is no task for a person");
            return matches(step, hash) ? step.attested(by, clock.instant()) : step;
        });
    }

    private static boolean matches(Erasure.Step step, String hash) {
        return step.hash().equals(hash);
    }

    private static void require(Erasure.Step step, String hash, boolean holds, String otherwise) {
        if (matches(step, hash) && !holds) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "the record in " + step.system() + " " + otherwise + "; reload");
        }
    }

    /**
     * Lets what was erased come back: the hashes are forgotten. What is there in systems comes in when it is next read.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if it was lifted before
     */
    public Erasure lift(String id, long revision, String reason, String by) {
        return commit(tx -> {
            var erasure = locked(tx, id, revision);
            if (erasure.lifted() != null || erasure.state() == ErasureState.RUNNING) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        erasure.lifted() != null
                                ? "erasure " + id + " suppresses nothing any more, since "
                                        + erasure.lifted().at()
                                : "erasure " + id + " is still running");
            }
            tx.erasures().lift(id);
            var lifted = erasure.lifted(by, reason, clock.instant());
            tx.erasures().save(List.of(lifted));
            return lifted;
        });
    }

    private Erasure change(String id, long revision, UnaryOperator<Erasure.Step> step) {
        return commit(tx -> {
            var changed = locked(tx, id, revision).withSteps(step, clock.instant());
            tx.erasures().save(List.of(changed));
            return changed;
        });
    }

    private static Erasure locked(HubTransaction tx, String id, long revision) {
        var erasure = tx.erasures().lock(new TreeSet<>(List.of(id))).get(id);
        if (erasure == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no erasure " + id);
        if (erasure.revision() != revision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "erasure " + id + " is at revision " + erasure.revision() + ", you sent " + revision
                            + "; reload and retry");
        }
        return erasure;
    }

    private Erasure commit(Function<HubTransaction, Erasure> work) {
        var erasure = store.write(work);
        announce(erasure);
        return erasure;
    }

    private void announce(Erasure erasure) {
        events.publish(
                "erasure.changed",
                Map.of("id", erasure.id(), "state", erasure.state().name()));
        if (erasure.removedAt() != null) resolver.forget();
    }

    /** Brings every erasure further as far as it goes now. Returns whether any has changed. */
    public boolean step() {
        var running = store.read(tx -> tx.erasures().open()).stream()
                .filter(erasure -> erasure.state() == ErasureState.RUNNING)
                .map(Erasure::id)
                .toList();
        boolean moved = false;
        for (var id : running) {
            var after = store.write(tx -> work(tx).further(id));
            if (after == null) continue;
            announce(after);
            moved = true;
        }
        return moved;
    }

    /** Asks one system for records that should be gone from it. Returns whether anything became known. */
    public boolean look(Dispatcher.Outlet outlet) throws ConnectorException {
        return new ErasureLook(store, model, clock, this::announce).look(outlet);
    }

    private ErasureRequest request(HubTransaction tx, String by) {
        return new ErasureRequest(tx, model, resolver, new ErasureMeans(model, catalogs), ids, by, clock.instant());
    }

    private ErasureWork work(HubTransaction tx) {
        return new ErasureWork(tx, model, resolver, new ErasureMeans(model, catalogs), clock.instant());
    }
}
