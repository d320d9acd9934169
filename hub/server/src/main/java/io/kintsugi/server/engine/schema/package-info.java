/** Schemas of systems beside the mappings: what is new, gone, renamed or refused, and whether a write fits. */
package io.kintsugi.server.engine.schema;
