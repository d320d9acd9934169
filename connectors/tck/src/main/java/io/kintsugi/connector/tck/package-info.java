/**
 * The contract every connector keeps, as tests. Extend {@link io.kintsugi.connector.tck.ConnectorContract} and give it a
 * {@link io.kintsugi.connector.tck.Subject}: what the connector declares in its capabilities must work, what it does not declare
 * must be refused. Each run leaves a report card in {@code target/connector-report}.
 */
package io.kintsugi.connector.tck;
