package io.kintsugi.connector.spi;

import java.util.List;

/**
 * Describes one kind of connector.
 *
 * @param type short name used in configuration, for example {@code jdbc}
 * @param label name for people
 * @param settings every setting it knows, in the order a form should show them
 */
public record ConnectorSpec(String type, String label, List<Setting> settings) {
    public ConnectorSpec {
        if (type == null || type.isBlank()) throw new IllegalArgumentException("a connector has no type");
        settings = List.copyOf(settings);
    }

    /**
     * One setting.
     *
     * @param name key in the configuration
     * @param required whether opening fails without it
     * @param secret whether its value must never be shown or logged
     * @param description one sentence for people, with the default if there is one
     */
    public record Setting(String name, boolean required, boolean secret, String description) {}
}
