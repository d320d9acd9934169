package io.kintsugi.connector.spi;

import java.util.Map;

/**
 * Makes connectors of one kind. Found by {@link java.util.ServiceLoader}, so it needs a public no-argument constructor.
 */
public interface ConnectorFactory {
    /** What this kind of connector is and which configuration it wants. Does no I/O; always returns the same value. */
    ConnectorSpec spec();

    /**
     * Opens a connector for one system. May open pools lazily; {@link Connector#check()} is what proves that the system answers.
     *
     * @param system id of the source system the connector will speak for, for messages
     * @param settings the settings of that system, already checked for unknown keys against {@link ConnectorSpec#settings()}
     * @throws ConnectorException.Misconfigured if a setting is missing or contradicts another, naming it
     */
    Connector open(String system, Map<String, Object> settings, ConnectorContext context) throws ConnectorException;
}
