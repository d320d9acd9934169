package io.kintsugi.connector.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where {@link StampFeed} stands.
 *
 * @param high every row with a stamp up to here was read when it was last asked for; null at the very beginning
 * @param askedAt when {@code running} was asked for, by the database's clock; null if never
 * @param running transactions that were running then, with the earliest stamp each may still bring
 * @param seen digests of the rows read in the overlap that ends at {@code high}
 * @param sweep the reading under way; null between two
 * @param compared where the comparing of the whole table stands; null if that is switched off
 */
record StampPosition(
        Instant high,
        Instant askedAt,
        Map<String, Instant> running,
        Set<Long> seen,
        Sweep sweep,
        Comparison.At compared) {
    static final String FEED = "stamp";
    static final StampPosition BEGINNING = new StampPosition(null, null, Map.of(), Set.of(), null, null);

    /** More rows in one overlap are delivered again instead of being remembered. */
    private static final int REMEMBERED = 20_000;

    /**
     * One reading of all stamps from {@code low} to {@code high}, both included.
     *
     * @param low null for the beginning of time
     * @param stamp stamp of the last row read; null if none yet
     * @param id id of that row
     * @param seen digests of the rows read so far that the next sweep will read again
     */
    record Sweep(Instant low, Instant high, String stamp, String id, Set<Long> seen) {
        Sweep at(String newStamp, String newId) {
            return new Sweep(low, high, newStamp, newId, seen);
        }
    }

    /** Remembers a row that the next sweep will read again. */
    static void remember(Set<Long> seen, long digest) {
        if (seen.size() < REMEMBERED) seen.add(digest);
    }

    StampPosition with(Sweep next) {
        return new StampPosition(high, askedAt, running, seen, next, compared);
    }

    StampPosition compared(Comparison.At at) {
        return new StampPosition(high, askedAt, running, seen, sweep, at);
    }

    /** After the last row of the sweep. */
    StampPosition swept() {
        return new StampPosition(sweep.high(), askedAt, running, sweep.seen(), null, compared);
    }

    Checkpoint checkpoint(Table table) {
        ObjectNode json = Position.of(FEED).put("high", text(high)).put("askedAt", text(askedAt));
        ObjectNode others = json.putObject("running");
        new TreeMap<>(running).forEach((id, from) -> others.put(id, from.toString()));
        json.put("seen", pack(seen));
        if (sweep != null)
            json.putObject("sweep")
                    .put("low", text(sweep.low()))
                    .put("high", text(sweep.high()))
                    .put("stamp", sweep.stamp())
                    .put("id", sweep.id())
                    .put("seen", pack(sweep.seen()));
        if (compared != null) compared.into(json.putObject("compared"));
        return Position.checkpoint(table, json);
    }

    static StampPosition read(Checkpoint checkpoint, Table table) throws CheckpointExpired {
        JsonNode json = Position.read(checkpoint, table, FEED);
        Map<String, Instant> running = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("running").properties())
            running.put(entry.getKey(), Instant.parse(entry.getValue().asText()));
        JsonNode sweep = json.get("sweep");
        return new StampPosition(
                Position.instant(json, "high"),
                Position.instant(json, "askedAt"),
                running,
                unpack(json),
                sweep == null
                        ? null
                        : new Sweep(
                                Position.instant(sweep, "low"),
                                Position.instant(sweep, "high"),
                                Position.text(sweep, "stamp"),
                                Position.text(sweep, "id"),
                                unpack(sweep)),
                json.hasNonNull("compared") ? Comparison.At.from(json.get("compared")) : null);
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static String pack(Set<Long> digests) {
        ByteBuffer bytes = ByteBuffer.allocate(digests.size() * Long.BYTES);
        new TreeSet<>(digests).forEach(bytes::putLong);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static Set<Long> unpack(JsonNode json) {
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(json.path("seen").asText("")));
        Set<Long> digests = new HashSet<>();
        while (bytes.hasRemaining()) digests.add(bytes.getLong());
        return digests;
    }
}
