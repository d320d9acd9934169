package io.kintsugi.server.engine.recovery;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.Feed;
import java.time.Duration;

/**
 * How a stream is caught up with after a silence: from what it declares to keep. The cheapest way that can miss nothing.
 *
 * @param reason for people
 */
public record CatchUp(Tier tier, String reason) {
    /** Ways of catching up, the cheapest first. */
    public enum Tier {
        /** Nothing was missed: it was read all the time. */
        LIVE,
        /** Its log is read on from where it was left. */
        REPLAY,
        /** What carries a later stamp than the last one read. */
        WATERMARK,
        /** Everything is read and compared; what is missing was deleted. */
        FULL
    }

    /** @param can null if the system does not say what it can: then everything is read */
    public static CatchUp after(Duration silence, Capabilities can) {
        if (can == null) return new CatchUp(Tier.FULL, "the system does not say how long it keeps changes");
        var cursor = can.reading().cursor();
        if (cursor == null) return new CatchUp(Tier.FULL, "the system does not tell changes");
        if (cursor.kind() == Cursor.Kind.COMPARISON) {
            return new CatchUp(Tier.FULL, "its changes are found by comparing everything");
        }
        if (forgotten(cursor.retention(), silence)) {
            return new CatchUp(Tier.FULL, "it keeps changes for " + text(cursor.retention()) + " only");
        }
        var deletes = can.reading().deletes();
        if (deletes == null || !can.feeds().contains(Feed.DELETES)) {
            return new CatchUp(Tier.FULL, "it does not tell deletes");
        }
        if (forgotten(deletes.retention(), silence)) {
            return new CatchUp(Tier.FULL, "it keeps deletes for " + text(deletes.retention()) + " only");
        }
        boolean stamps = cursor.kind() == Cursor.Kind.STAMP;
        var kept = cursor.retention() == null
                ? "it keeps all changes"
                : "it keeps changes for " + text(cursor.retention());
        return new CatchUp(stamps ? Tier.WATERMARK : Tier.REPLAY, kept);
    }

    private static boolean forgotten(Duration retention, Duration silence) {
        return retention != null && retention.compareTo(silence) <= 0;
    }

    private static String text(Duration duration) {
        return duration.toHours() >= 1 ? duration.toHours() + " h" : duration.toMinutes() + " min";
    }
}
