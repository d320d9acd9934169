package io.kintsugi.server.engine.outbound;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.FirstSync;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.Optional;

/**
 * Holds back everything that is to be written to a system until a person has approved it, where its configuration asks for that. The
 * outbox keeps what waits, so after the approval it goes as it is then. What was decided is durable; an approval is final.
 */
public final class FirstSyncs {
    private static final String KIND = "first-sync";
    private static final String APPROVED = "approved: true\n";
    private static final String REFUSED = "approved: false\n";

    private FirstSyncs() {}

    /** What a person said. */
    public enum Answer {
        WAITING,
        APPROVED,
        REFUSED
    }

    /**
     * @param creates records that would be created at once
     * @param waits records that would be created once an open question about their golden is decided
     * @param updates records that would be changed or deleted; those that turn out to be in step are not written
     * @param at of the answer; null while nobody has answered
     */
    public record Standing(Answer answer, long creates, long waits, long updates, Instant at) {}

    /** How things are with the first sync of a system; empty if it needs no approval. */
    public static Optional<Standing> of(HubTransaction tx, SystemConfig config) {
        if (config.firstSync() != FirstSync.APPROVE) return Optional.empty();
        var document = tx.journal().document(KIND, config.id());
        var answer = document.map(said -> said.body().equals(APPROVED) ? Answer.APPROVED : Answer.REFUSED)
                .orElse(Answer.WAITING);
        long creates = 0;
        long waits = 0;
        long due = 0;
        if (answer != Answer.APPROVED) {
            creates = tx.outbox().dueCreates(config.id());
            waits = tx.outbox().dueCreatesInQuestion(config.id());
            due = tx.outbox().counts().stream()
                    .filter(count -> count.system().equals(config.id()) && count.state() == OutboundState.DUE)
                    .mapToLong(count -> count.changes())
                    .sum();
        }
        return Optional.of(new Standing(
                answer,
                creates - waits,
                waits,
                due - creates,
                document.map(said -> said.at()).orElse(null)));
    }

    /** Whether a person is asked and has not answered. */
    public static boolean waits(HubTransaction tx, SystemConfig config) {
        return config.firstSync() == FirstSync.APPROVE
                && tx.journal().document(KIND, config.id()).isEmpty();
    }

    /** Whether nothing may be written to a system yet. */
    public static boolean holds(HubTransaction tx, SystemConfig config) {
        return config.firstSync() == FirstSync.APPROVE
                && tx.journal()
                        .document(KIND, config.id())
                        .filter(said -> said.body().equals(APPROVED))
                        .isEmpty();
    }

    /** What waits may go. The same again has the effect of once. */
    public static void approve(HubTransaction tx, SystemConfig config, Instant now) {
        require(config);
        tx.journal().publish(KIND, config.id(), APPROVED, "hub", now);
    }

    /**
     * Nothing is written for now, and nobody need be asked again; it may still be approved.
     *
     * @throws HubException with {@code NOT_POSSIBLE} once it was approved: the system may have been written to
     */
    public static void refuse(HubTransaction tx, SystemConfig config, Instant now) {
        require(config);
        if (!holds(tx, config)) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "the first sync of " + config.id()
                            + " was approved, and it may have been written to since; pause the system to stop that");
        }
        tx.journal().publish(KIND, config.id(), REFUSED, "hub", now);
    }

    private static void require(SystemConfig config) {
        if (config.firstSync() == FirstSync.APPROVE) return;
        throw new HubException(
                HubErrorCode.NOT_POSSIBLE,
                "the first sync of " + config.id()
                        + " needs no approval; write firstSync: approve into its configuration to be asked");
    }
}
