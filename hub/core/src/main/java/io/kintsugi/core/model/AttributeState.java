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
 * @param originalAt when the system had said that; null if unknown, and where {@code original} is null
 * @param sent what the hub had written, where the system made something else of it, or what it is to write again: that is what the copy
 *     stands for. Null where the value is as it was written, and unless {@code copied}
 * @param hold why nothing may be written to it now; null if it may
 */
public record AttributeState(
        Instant changedAt,
        long base,
        boolean agreed,
        boolean copied,
        String original,
        Instant originalAt,
        String sent,
        String hold) {
    /** One that is held as it was written. */
    public AttributeState(
            Instant changedAt,
            long base,
            boolean agreed,
            boolean copied,
            String original,
            Instant originalAt,
            String hold) {
        this(changedAt, base, agreed, copied, original, originalAt, null, hold);
    }

    /** One of which it is not known when its original was said. */
    public AttributeState(Instant changedAt, long base, boolean agreed, boolean copied, String original, String hold) {
        this(changedAt, base, agreed, copied, original, null, hold);
    }

    /** Base of a copy that stands for no golden value: {@link #recalled()}. */
    public static final long RECALLED = 0;

    /** In place of a golden version for a write that gives a system its own word back in another form: a reference by another record. */
    public static final long GIVEN_BACK = -1;

    /** Hold of a change that is no evidence against what survives, and that a steward or the policy leaves where it is. */
    public static final String FOREIGN = "changed there; what is trusted more says otherwise";

    /** Hold of a reference to a record that has no golden record yet. Never stored: it holds as long as that is so. */
    public static final String UNRESOLVED = "refers to a record that the hub does not know yet";

    /** Whether it waits for the record that it refers to. */
    public boolean unresolved() {
        return UNRESOLVED.equals(hold);
    }

    /** Whether it waits because its system is not the trusted one. */
    public boolean foreign() {
        return FOREIGN.equals(hold);
    }

    /** Whether nobody knows whose value it is, so that it is not written until somebody says so. */
    public boolean undecided() {
        return hold != null && !foreign() && !unresolved();
    }

    /** The same with another hold, or without one if null. */
    public AttributeState withHold(String other) {
        return new AttributeState(changedAt, base, agreed, copied, original, originalAt, sent, other);
    }

    /** The same copy, of which it is not known what its system holds. */
    public AttributeState unread() {
        return new AttributeState(changedAt, base, false, copied, original, originalAt, sent, hold);
    }

    /**
     * What a value counts as: a copy stands for what was written, not for what the system made of it.
     *
     * @param held the value; null if there is none
     */
    public String standsFor(String held) {
        return sent == null ? held : sent;
    }

    /** One that was never written to, or was changed by its system since. */
    public static AttributeState original(Instant changedAt, long base) {
        return new AttributeState(changedAt, base, false, false, null, null);
    }

    /**
     * One of a record that the hub has just created: its system had said nothing before.
     *
     * @param value what was written
     * @param image what the system holds now; null where that is no other form of the value
     */
    public static AttributeState created(
            String value, String image, Instant changedAt, long base, boolean agreed, String hold) {
        var sent = image == null || image.equals(value) ? null : value;
        return new AttributeState(changedAt, base, agreed, true, null, null, sent, hold);
    }

    /**
     * The same in a record that is not the hub's alone any more, because people merged one of their own into it: they kept the value, so
     * their system says what was written.
     */
    public AttributeState joined(String held) {
        if (!made() || held == null) return this;
        return new AttributeState(changedAt, base, agreed, true, standsFor(held), null, sent, hold);
    }

    /** Whether the hub put the value where its system had never said anything: it created the record. */
    public boolean made() {
        return copied && original == null;
    }

    /** The same in a record that a person may have made: what it holds is the system's own, which the hub is about to write over. */
    public AttributeState replacing(String held) {
        return made() ? new AttributeState(changedAt, base, agreed, true, held, null, sent, hold) : this;
    }

    /** Whether it is a copy that stands for no golden value any more: what counts is what the system itself had said. */
    public boolean recalled() {
        return copied && base == RECALLED;
    }

    /** The same copy, standing for nothing any more, so that what the system itself had said counts again. */
    public AttributeState recall() {
        return new AttributeState(changedAt, RECALLED, false, true, original, originalAt, sent, hold);
    }

    /**
     * The same copy, standing again for what it stood for before a merge that was undone: no system says anything in its place.
     *
     * @param held the value
     * @param version above all until now
     */
    public AttributeState standingFor(String value, String held, long version) {
        return new AttributeState(
                null, version, false, true, original, originalAt, value.equals(held) ? null : value, hold);
    }

    /**
     * One that the hub has just written to. Where it gave back what the system itself had said before a merge that was undone, that is
     * the system's own again.
     *
     * @param value what was written
     * @param image what the system holds now; null where that is no other form of the value
     * @param base version of the golden value that it stands for, {@link #RECALLED} or {@link #GIVEN_BACK}
     * @param before the state until then; null if there was none
     * @param held the value until then; null if it was unknown
     * @param heldSince when the record last changed, for a value without a state
     * @return null where there was no value and nobody had said so: then nothing is known of it
     */
    public static AttributeState written(
            String value,
            String image,
            Instant changedAt,
            long base,
            boolean agreed,
            AttributeState before,
            String held,
            Instant heldSince,
            String hold) {
        boolean back = base == GIVEN_BACK || before != null && value.equals(before.original());
        if (base == GIVEN_BACK) base = RECALLED;
        if (before != null && before.recalled() && hold == null && back) {
            boolean silent = value.isEmpty() && before.originalAt() == null;
            return silent ? null : new AttributeState(before.originalAt(), base, agreed, false, null, null, null);
        }
        var sent = image == null || image.equals(value) ? null : value;
        if (before != null && before.copied()) {
            return new AttributeState(
                    changedAt, base, agreed, true, before.original(), before.originalAt(), sent, hold);
        }
        var since = before != null ? before.changedAt() : held == null || held.isEmpty() ? null : heldSince;
        return new AttributeState(changedAt, base, agreed, true, held == null ? "" : held, since, sent, hold);
    }
}
