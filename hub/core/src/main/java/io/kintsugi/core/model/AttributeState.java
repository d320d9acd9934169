package io.kintsugi.core.model;

import java.time.Instant;

/**
 * What the hub knows of one attribute of one source record beyond its value (sync rules: base, agreed, hold).
 *
 * @param changedAt when the system, not the hub, last changed the value; null if unknown
 * @param base version of the golden value this value stands for; 0 if none
 * @param agreed whether the system is known to hold its image of that version, also where it rewrites values
 * @param copied whether the hub put the value there. A copy is no evidence: it survives only where no original is left
 * @param hold why nothing may be written to it now; null if it may
 */
public record AttributeState(Instant changedAt, long base, boolean agreed, boolean copied, String hold) {}
