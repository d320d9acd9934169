/**
 * What every part of the engine stands on: the published configuration, ids, events, standardised forms, references, marks of what is
 * out of step. It knows no other part of the engine.
 */
package io.kintsugi.server.engine.shared;
