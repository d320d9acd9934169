package io.kintsugi.core.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One connected system.
 *
 * @param id lower case, without colon
 * @param connector type of connector, for example {@code jdbc}; {@value #NO_CONNECTOR} if there is nothing to connect to
 * @param settings the connector's own settings; secrets as references
 * @param pollEvery pause between two polls
 * @param auditEvery pause between two audits; null for none but those that people ask for
 * @param merges what a merge made inside it does to golden records
 * @param duplicates what becomes of several records of one golden record in it
 * @param firstSync whether a person has to approve before it is written to
 */
public record SystemConfig(
        String id,
        String label,
        String connector,
        Map<String, Object> settings,
        Duration pollEvery,
        Duration auditEvery,
        List<StreamMapping> streams,
        SeenMerge merges,
        Duplicates duplicates,
        FirstSync firstSync) {
    /** Connector of a system that was only loaded: the hub keeps its records and neither polls nor writes it. */
    public static final String NO_CONNECTOR = "none";

    /** One that is audited only when people ask for it, whose own merges are adopted, and in which the hub merges nothing. */
    public SystemConfig(
            String id,
            String label,
            String connector,
            Map<String, Object> settings,
            Duration pollEvery,
            List<StreamMapping> streams) {
        this(id, label, connector, settings, pollEvery, null, streams, SeenMerge.ADOPT, Duplicates.KEEP);
    }

    /** One that is written to without approval. */
    public SystemConfig(
            String id,
            String label,
            String connector,
            Map<String, Object> settings,
            Duration pollEvery,
            Duration auditEvery,
            List<StreamMapping> streams,
            SeenMerge merges,
            Duplicates duplicates) {
        this(id, label, connector, settings, pollEvery, auditEvery, streams, merges, duplicates, FirstSync.AUTO);
    }

    public SystemConfig {
        settings = Map.copyOf(settings);
        streams = List.copyOf(streams);
        label = label == null ? id : label;
    }

    public SystemConfig withStreams(List<StreamMapping> others) {
        return new SystemConfig(
                id, label, connector, settings, pollEvery, auditEvery, others, merges, duplicates, firstSync);
    }

    public SystemConfig withFirstSync(FirstSync other) {
        return new SystemConfig(
                id, label, connector, settings, pollEvery, auditEvery, streams, merges, duplicates, other);
    }

    /** Whether there is a system to talk to. */
    public boolean connected() {
        return !connector.equals(NO_CONNECTOR);
    }
}
