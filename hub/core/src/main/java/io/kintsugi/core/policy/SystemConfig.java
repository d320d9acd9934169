package io.kintsugi.core.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One connected system.
 *
 * @param id lower case, without colon
 * @param connector type of connector, for example {@code jdbc}
 * @param settings the connector's own settings; secrets as references
 * @param pollEvery pause between two polls
 */
public record SystemConfig(
        String id,
        String label,
        String connector,
        Map<String, Object> settings,
        Duration pollEvery,
        List<StreamMapping> streams) {
    public SystemConfig {
        settings = Map.copyOf(settings);
        streams = List.copyOf(streams);
        label = label == null ? id : label;
    }
}
