package io.kintsugi.server.engine.inbound;

import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.inbound.Intake.Batch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that cannot be taken wait as reviews where a person sees them, and are closed when they can be. A row is named by the id of its
 * record, else by its place. What only the hub could not map closes when the record comes again; what the connector could not read
 * closes also when it has read everything and does not report the row any more.
 */
public final class ParkedRows {
    private static final int LONGEST_PLACE = 200;
    private static final int PAGE = 500;

    private ParkedRows() {}

    /**
     * @param name the same on every read: the id of the record, else the place of the row. As an id it makes the key that the review is
     *     about, so that people find it by its system
     * @param place where a person finds it
     * @param unread whether the connector could not read it; otherwise the hub could not map it
     */
    public record Row(String name, String place, String problem, String raw, boolean unread) {
        /** A row that the connector could not read. */
        public static Row unread(Unreadable row) {
            var id = row.idOrNull();
            return new Row(id == null || id.isBlank() ? row.place() : id, row.place(), row.reason(), row.raw(), true);
        }

        /** A record that the hub could not map. */
        static Row unmapped(String id, String problem, String raw) {
            return new Row(id, id, problem, raw, false);
        }
    }

    /**
     * A reading of all rows of a stream.
     *
     * @param reported names of the rows that it could not read so far
     * @param ended whether it is at its end, so that every row that cannot be read has been reported
     */
    public record Sweep(Set<String> reported, boolean ended) {}

    /** @param policies versions that are in force for the type of the batch */
    static void keep(HubTransaction tx, Batch batch, String policies, Instant now) {
        var save = new LinkedHashMap<String, Review>();
        if (tx.reviews().anyOpen(Kind.UNMAPPABLE)) {
            for (var review : tx.reviews().find(answered(batch)).values()) {
                if (review.state() == ReviewState.OPEN) {
                    save.put(review.id(), closed(review, now, "the row can be read now"));
                }
            }
            if (batch.sweep() != null && batch.sweep().ended()) {
                for (var review : unreported(tx, batch)) {
                    save.putIfAbsent(review.id(), closed(review, now, "the row can be read now, or is gone"));
                }
            }
        }
        var known = tx.reviews()
                .find(batch.parked().stream().map(row -> idOf(batch, row)).toList());
        for (var row : batch.parked()) {
            var id = idOf(batch, row);
            var before = known.get(id);
            boolean open = before != null && before.state() == ReviewState.OPEN;
            var records = List.of(new RecordKey(batch.booked(), batch.entityType(), row.name()));
            if (open
                    && before.reason().equals(reason(batch, row))
                    && before.records().equals(records)) {
                save.remove(id);
                continue;
            }
            save.put(
                    id,
                    new Review(
                            id,
                            Kind.UNMAPPABLE,
                            ReviewState.OPEN,
                            batch.entityType(),
                            List.of(),
                            records,
                            0,
                            reason(batch, row),
                            row.raw(),
                            before == null ? 1 : before.revision() + 1,
                            open ? before.openedAt() : now,
                            null,
                            null,
                            null,
                            null,
                            policies));
        }
        tx.reviews().save(save.values());
    }

    /** Closes the questions about rows that a connector says it can read again, by their names. */
    static void read(HubTransaction tx, String booked, String stream, Collection<String> names, Instant now) {
        if (names.isEmpty()) return;
        var ids = names.stream().map(name -> unreadId(booked, stream, name)).toList();
        tx.reviews()
                .save(tx.reviews().find(ids).values().stream()
                        .filter(review -> review.state() == ReviewState.OPEN)
                        .map(review -> closed(review, now, "it can be read now"))
                        .toList());
    }

    /** Reviews about records that came in whole, or are gone. A row that is still reported stays, though another has its id. */
    private static List<String> answered(Batch batch) {
        var names = new HashSet<String>();
        batch.observations().forEach(seen -> names.add(seen.key().externalId()));
        batch.deleted().forEach(key -> names.add(key.externalId()));
        var ids = new ArrayList<String>();
        for (var name : names) {
            ids.add(unmappedId(batch, name));
            if (batch.sweep() == null || !batch.sweep().reported().contains(name)) ids.add(unreadId(batch, name));
        }
        return ids;
    }

    private static List<Review> unreported(HubTransaction tx, Batch batch) {
        var still = new HashSet<String>();
        for (var name : batch.sweep().reported()) still.add(unreadId(batch, name));
        var found = new ArrayList<Review>();
        var open = new Reviews.Filter(Kind.UNMAPPABLE, ReviewState.OPEN, null, null, null, "openedAt");
        var prefix = prefix(batch.booked(), batch.stream());
        String cursor = null;
        do {
            var page = tx.reviews().list(open, cursor, PAGE);
            for (var review : page.items()) {
                if (review.id().startsWith(prefix) && !still.contains(review.id())) found.add(review);
            }
            cursor = page.next();
        } while (cursor != null);
        return found;
    }

    private static String idOf(Batch batch, Row row) {
        return row.unread() ? unreadId(batch, row.name()) : unmappedId(batch, row.name());
    }

    private static String unmappedId(Batch batch, String name) {
        return "rv-" + ContentHash.of(Map.of("system", batch.booked(), "stream", batch.stream(), "place", name));
    }

    /** Begins alike for all rows of a stream, so that they are found without knowing them. */
    private static String unreadId(String booked, String stream, String name) {
        return prefix(booked, stream) + ContentHash.of(Map.of("place", name));
    }

    private static String unreadId(Batch batch, String name) {
        return unreadId(batch.booked(), batch.stream(), name);
    }

    private static String prefix(String booked, String stream) {
        return "rv-" + ContentHash.of(Map.of("system", booked, "stream", stream)) + "-";
    }

    private static String reason(Batch batch, Row row) {
        var place = row.place().length() > LONGEST_PLACE ? row.place().substring(0, LONGEST_PLACE) + "…" : row.place();
        return batch.booked() + " " + batch.stream() + " " + place + ": " + row.problem();
    }

    /** A review of a row or record that is no obstacle any more. */
    static Review closed(Review review, Instant now, String note) {
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.OBSOLETE,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                null,
                review.revision() + 1,
                review.openedAt(),
                now,
                "rules",
                null,
                note,
                review.policies());
    }
}
