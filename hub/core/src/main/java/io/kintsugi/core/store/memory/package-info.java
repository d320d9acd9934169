/** The port to the memory of the hub, in maps of this process: what a dry run works on, and tests. Passes the contract of the graph store. */
package io.kintsugi.core.store.memory;
