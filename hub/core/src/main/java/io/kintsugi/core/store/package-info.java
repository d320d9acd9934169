/**
 * The port to the memory of the hub. The graph store and the in-memory store pass one contract, so the engine's tests may use the
 * fast one. One interface per subject, each the twin of a folder of {@code cypher/}.
 *
 * <p>Holds everywhere: no argument, result or element is null unless its text says so; a collection that is empty asks for
 * nothing and changes nothing; a key or id occurs once in a collection of things to store; what a thing names (ends of a link,
 * record and golden of a membership) is stored before it, unless the text says it need not be; results are the caller's to keep.
 * Instants keep their nanoseconds. Where instants decide an order and are equal, the id or key decides, in the same direction.
 */
package io.kintsugi.core.store;
