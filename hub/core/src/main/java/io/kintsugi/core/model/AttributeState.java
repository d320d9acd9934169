package io.kintsugi.core.model;

import java.time.Instant;

/**
 * What the hub knows of one attribute of one source record beyond its value (sync rules: base, agreed, hold).
 *
 * @param changedAt when the system, not the hub, last changed the value; null if unknown
 * @param base version of the golden value this value stands for; 0 if none
 * @param agreed whether the system is known to hold its image of that version, also where it rewrites values
 * @param copied whether the hub put the value there. A copy is no evidence: it survives only where no original is left
 * @param original what the system itself had last said where the hub's value stands now, empty text for nothing: what it knows of the
 *     thing, whatever was written there since. Null unless {@code copied}, and for a record that the hub created
 * @param hold why nothing may be written to it now; null if it may
 */
public record AttributeState(
        Instant changedAt, long base, boolean agreed, boolean copied, String original, String hold) {
    /** Hold of a change that is no evidence against what survives, and that a steward or the policy leaves where it is. */
    public static final String FOREIGN = "changed there; what is trusted more says otherwise";

    /** Whether it waits because its system is not the trusted one. */
    public boolean foreign() {
        return FOREIGN.equals(hold);
    }

    /** The same with another hold, or without one if null. */
    public AttributeState withHold(String other) {
        return new AttributeState(changedAt, base, agreed, copied, original, other);
    }

    /** One that was never written to, or was changed by its system since. */
    public static AttributeState original(Instant changedAt, long base) {
        return new AttributeState(changedAt, base, false, false, null, null);
    }

    /**
     * One that the hub has just written to.
     *
     * @param before the state until then; null if there was none
     * @param held the value until then; null if it was unknown
     */
    public static AttributeState copy(
            Instant changedAt, long base, boolean agreed, AttributeState before, String held, String hold) {
        var original = before != null && before.copied() ? before.original() : held == null ? "" : held;
        return new AttributeState(changedAt, base, agreed, true, original, hold);
    }
}
