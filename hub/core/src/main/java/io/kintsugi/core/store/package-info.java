/**
 * The port to the memory of the hub. The graph store and the in-memory store pass one contract, so the engine's tests may use the
 * fast one. One interface per subject, each the twin of a folder of {@code cypher/}.
 */
package io.kintsugi.core.store;
