/**
 * The memory of the hub in Neo4j: the store, its queries and schema, and the embedded server for those who have none. The only
 * place that sees the driver.
 *
 * <p>Start with {@link io.kintsugi.graph.GraphHubStore#embedded} or {@link io.kintsugi.graph.GraphHubStore#connect}.
 */
package io.kintsugi.graph;
