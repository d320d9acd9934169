package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import java.util.Collection;

/**
 * Compares three sides of one attribute of one record: what its system was just read to hold, what the hub believes it holds, and
 * what its golden record says it should hold. Pure.
 */
public final class Drift {
    private Drift() {}

    /** What a comparison says, the best first. Each attribute and each row has exactly one. */
    public enum Disposition {
        /** The system holds what it should, or its own form of it. */
        AGREES,
        /** It differs, and the mapping or the policy leaves it so. */
        LEFT,
        /** It differs, and a write is due or under way, or the record waits for resolution. */
        WAITING,
        /** It differs, and somebody must decide before it is written. */
        HELD,
        /** It differs, and nothing is on its way: the hub forgot to write it. */
        OUT_OF_STEP,
        /** The hub believes something else than is there: a change was not told. */
        MISSED,
        /** The hub believes that the record is there, and it is not. */
        GONE,
        /** The record is there, and the hub does not know it. */
        UNKNOWN,
        /** The row could not be read, so nothing can be said of it. */
        UNREADABLE;

        /** Whether people should hear of it: it is neither as it should be nor left so. */
        public boolean drifted() {
            return compareTo(LEFT) > 0;
        }
    }

    /**
     * What the hub knows of one attribute of one record.
     *
     * @param record as the hub believes it is
     * @param golden what the golden record says; null if it has no value, or there is no golden record
     * @param writable whether mapping and policy let the hub write it
     * @param pending whether the record waits for resolution
     * @param change what is to be written to the record; null for nothing
     * @param type null for an attribute the model does not know
     * @param referents what the references of the record lead to
     */
    public record Known(
            String attribute,
            SourceRecord record,
            GoldenValue golden,
            boolean writable,
            boolean pending,
            OutboundChange change,
            AttributeType type,
            Referents referents) {
        /** One of a type without references. */
        public Known(
                String attribute,
                SourceRecord record,
                GoldenValue golden,
                boolean writable,
                boolean pending,
                OutboundChange change,
                AttributeType type) {
            this(attribute, record, golden, writable, pending, change, type, Referents.NONE);
        }
    }

    /** @param seen canonical value that the system was read to hold; empty for nothing */
    public static Disposition of(Known known, String seen) {
        var believed = known.record().attributes().getOrDefault(known.attribute(), "");
        if (!seen.equals(believed)) return written(known) ? Disposition.WAITING : Disposition.MISSED;
        var record = known.referents().inGoldenTerms(known.record());
        var state = record.states().get(known.attribute());
        if (state != null && state.unresolved()) return Disposition.HELD;
        if (known.golden() == null) return known.pending() ? Disposition.WAITING : Disposition.AGREES;
        var says = record.attributes().getOrDefault(known.attribute(), "");
        boolean image = state != null && state.hold() == null && Outbound.agrees(state, known.type(), known.golden());
        if (image || Equivalence.same(known.type(), says, known.golden().value())) return Disposition.AGREES;
        if (state != null && state.hold() != null) return state.foreign() ? Disposition.LEFT : Disposition.HELD;
        if (!known.writable()) return Disposition.LEFT;
        if (known.pending()) return Disposition.WAITING;
        if (known.change() == null) return Disposition.OUT_OF_STEP;
        return switch (known.change().state()) {
            case DUE, SENDING, VERIFYING -> Disposition.WAITING;
            case PARKED, HELD -> Disposition.HELD;
            case SETTLED -> Disposition.OUT_OF_STEP;
        };
    }

    /** Whether a write of the attribute is open: until it is settled, what is there may be what was sent. */
    private static boolean written(Known known) {
        var change = known.change();
        return change != null
                && change.open()
                && change.intent() != null
                && change.intent().values().containsKey(known.attribute());
    }

    /** The worst of several; what is empty agrees. */
    public static Disposition worst(Collection<Disposition> of) {
        return of.stream().max(Disposition::compareTo).orElse(Disposition.AGREES);
    }
}
