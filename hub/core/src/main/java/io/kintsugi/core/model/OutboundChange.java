package io.kintsugi.core.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Something that must reach a system. A marker says <em>that</em> something must go; what goes is computed when it is sent and
 * then kept as the intent, until the outcome is known. One per target record, so two writes of one record never overlap.
 *
 * @param key {@link #updateKey} or {@link #createKey}
 * @param target record to change; null until a create is settled
 * @param dirty marked again while an intent was open, so it is looked at once more after it
 * @param dueAt not before
 * @param attempts tries that failed since it last rested
 * @param leaseUntil when whoever sends or verifies it is given up; null if nobody does
 * @param intent what was sent; null before the first send
 * @param problem last cause of a retry, a park or a hold, for people; null if none
 * @param cause the most urgent reason of those for which it was marked since it last rested
 */
public record OutboundChange(
        String key,
        String goldenId,
        String system,
        String entityType,
        RecordKey target,
        OutboundState state,
        boolean dirty,
        Instant markedAt,
        Instant dueAt,
        int attempts,
        Instant leaseUntil,
        Intent intent,
        String problem,
        Instant updatedAt,
        Cause cause) {
    public OutboundChange {
        if (cause == null) throw new IllegalArgumentException("change " + key + " has no cause");
    }

    /** One that follows from an edit. */
    public OutboundChange(
            String key,
            String goldenId,
            String system,
            String entityType,
            RecordKey target,
            OutboundState state,
            boolean dirty,
            Instant markedAt,
            Instant dueAt,
            int attempts,
            Instant leaseUntil,
            Intent intent,
            String problem,
            Instant updatedAt) {
        this(
                key,
                goldenId,
                system,
                entityType,
                target,
                state,
                dirty,
                markedAt,
                dueAt,
                attempts,
                leaseUntil,
                intent,
                problem,
                updatedAt,
                Cause.EDIT);
    }

    /** Why something must go; what is named first goes first (SYN-9). */
    public enum Cause {
        /** A create that others wait for, because they refer to what it makes. */
        NEEDED,
        /** A reference that is to lead elsewhere. */
        REFERENCE,
        /** What a person decided in the hub: values, merges, deletes, restores, erasures. */
        DECISION,
        /** What somebody has just changed in a system. */
        EDIT,
        /** What was there before: first loads, what happened during an outage, a new policy, an audit. */
        BACKLOG;

        /** The more urgent of the two. */
        public Cause or(Cause other) {
            return compareTo(other) <= 0 ? this : other;
        }
    }

    /** Where a change is on its way. {@code SETTLED}, {@code PARKED} and {@code HELD} rest until they are marked again. */
    public enum OutboundState {
        DUE,
        SENDING,
        /** The outcome is not known; the system is read before anything else happens. */
        VERIFYING,
        SETTLED,
        /** Needs a person. */
        PARKED,
        /** Waits for a gate, such as an open review. */
        HELD
    }

    /**
     * What was sent. Durable before anything leaves.
     *
     * @param id also the key that a created record carries
     * @param values canonical values; an empty text clears
     * @param versions golden version each value stands for
     * @param into the other record it is about: for a merge the one that the target goes into, for an undelete the one that is to
     *     come back, for a create the one that its system said it cannot bring back; else null
     * @param arrived version the system gave the record when it confirmed the write, empty text if it has no versions; null until
     *     it has. A write that is confirmed stays open until it was read what the system made of it
     * @param made id of the record that a create made, as the system said when it confirmed that; null until it has, and for other kinds
     * @param heldBack what the system refused of the record, by attribute; never sent again with the same value until a person says so
     * @param unknown whether nobody can find out any more what became of it, so that a create is not repeated until a person says so
     */
    public record Intent(
            String id,
            Kind kind,
            Map<String, String> values,
            Map<String, Long> versions,
            Instant sentAt,
            RecordKey into,
            String arrived,
            String made,
            Map<String, Refusal> heldBack,
            boolean unknown) {
        /**
         * A value that a system refused while the rest of its record went on.
         *
         * @param why what the system said
         */
        public record Refusal(String value, String why) {}

        /** What the system is asked for: a new record, a change of one, that one goes, that one goes into another, or comes back. */
        public enum Kind {
            CREATE,
            UPDATE,
            DELETE,
            MERGE,
            /** Instead of a create: its values are those that would be created, so that it is known what it stands for. */
            UNDELETE;

            /** Whether a system is to have a record that it has not; the change has no target until that is there. */
            public boolean adds() {
                return this == CREATE || this == UNDELETE;
            }
        }

        public Intent {
            values = Map.copyOf(values);
            versions = Map.copyOf(versions);
            heldBack = Map.copyOf(heldBack);
            boolean needs = kind == Kind.MERGE || kind == Kind.UNDELETE;
            if (needs && into == null || into != null && !needs && kind != Kind.CREATE)
                throw new IllegalArgumentException(kind + " is " + (needs ? "" : "not ") + "about another record");
        }

        /** One that is about to be sent. */
        public Intent(String id, Kind kind, Map<String, String> values, Map<String, Long> versions, Instant sentAt) {
            this(id, kind, values, versions, sentAt, null, null, null, Map.of(), false);
        }

        /** A merge of the target into another record that is about to be sent. */
        public static Intent merge(String id, RecordKey into, Instant sentAt) {
            return new Intent(id, Kind.MERGE, Map.of(), Map.of(), sentAt, into, null, null, Map.of(), false);
        }

        /** An undelete that its system refused for good: what is to be sent next is a create in its place. */
        public Intent refused() {
            return new Intent(id, Kind.CREATE, values, versions, sentAt, into, null, null, heldBack, false);
        }

        /**
         * The same, confirmed by the system.
         *
         * @param record id of the record that was written
         */
        public Intent confirmed(String record, String version) {
            var told = version == null ? "" : version;
            var its = kind == Kind.CREATE ? record : null;
            return new Intent(id, kind, values, versions, sentAt, into, told, its, heldBack, unknown);
        }

        /**
         * The same, of which the system refused some values.
         *
         * @param refused why, by attribute; attributes of {@link #values}
         */
        public Intent without(Map<String, String> refused) {
            var all = new HashMap<>(heldBack);
            refused.forEach((attribute, why) -> all.put(attribute, new Refusal(values.get(attribute), why)));
            return new Intent(id, kind, values, versions, sentAt, into, arrived, made, all, unknown);
        }

        /** The same, of which nobody can find out any more what became of it. */
        public Intent lost() {
            return new Intent(id, kind, values, versions, sentAt, into, arrived, made, heldBack, true);
        }

        /** The same, after a person said to go on: nothing is held back any more. */
        public Intent released() {
            return new Intent(id, kind, values, versions, sentAt, into, arrived, made, Map.of(), false);
        }
    }

    /** The same with another intent, or none if null. */
    public OutboundChange withIntent(Intent other) {
        return new OutboundChange(
                key,
                goldenId,
                system,
                entityType,
                target,
                state,
                dirty,
                markedAt,
                dueAt,
                attempts,
                leaseUntil,
                other,
                problem,
                updatedAt,
                cause);
    }

    /** The same, after a person said to go on, or what was waited for is there: of what was sent nothing is held back any more. */
    public OutboundChange released() {
        return intent == null ? this : withIntent(intent.released());
    }

    /** Key of the changes of a record. */
    public static String updateKey(RecordKey target) {
        return "record|" + target;
    }

    /** Key of the creation of a golden's record in a system. */
    public static String createKey(String goldenId, String system, String entityType) {
        return "golden|" + goldenId + "|" + system + "|" + entityType;
    }

    /** Whether an answer to a sent intent is still awaited. */
    public boolean open() {
        return state == OutboundState.SENDING || state == OutboundState.VERIFYING;
    }

    /** When it must be looked at: its time has come, or whoever sends or verifies it went silent; null if time alone never brings it. */
    public Instant attentionAt() {
        return switch (state) {
            case DUE -> dueAt;
            case SENDING, VERIFYING -> leaseUntil != null ? leaseUntil : dueAt;
            case SETTLED, PARKED, HELD -> null;
        };
    }
}
