package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.util.Set;

/** Second label of record and golden nodes. */
final class EntityLabel {
    /** One-word labels of the hub's own nodes; a record that had one would be found by the hub's queries. */
    private static final Set<String> KEPT =
            Set.of("Pending", "Review", "Checkpoint", "Run", "Policy", "Answer", "Sequence", "System");

    private EntityLabel() {}

    /** @throws HubException with {@code BAD_CONFIGURATION} if the label is one of the hub's own */
    static String of(String entityType) {
        var label = Character.toUpperCase(entityType.charAt(0)) + entityType.substring(1);
        if (KEPT.contains(label)) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "the entity type \"" + entityType + "\" is kept for the hub; choose another name");
        }
        return label;
    }
}
