package io.kintsugi.connector.simulated;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What a search index shows of the records of a system: each change some time after it happened, half of them at once. */
final class Index {
    private final List<Shown> all = new ArrayList<>();
    private final Map<String, Instant> last = new HashMap<>();
    private final Clock clock;

    Index(Clock clock) {
        this.clock = clock;
    }

    /** @param row null from when on the record is not there */
    private record Shown(String id, Row row, Instant from) {}

    /**
     * A record is another now.
     *
     * @param row null if it is not there any more
     * @param lag longest time until that shows
     */
    void put(String id, Row row, Duration lag) {
        var random = new SplittableRandom(id.hashCode() * 31L + all.size());
        var delay = lag.isZero() || random.nextBoolean() ? 0 : random.nextLong(lag.toMillis());
        var from = clock.instant().plusMillis(delay);
        all.add(new Shown(id, row, from));
        last.put(id, from);
    }

    /** From when on the last change of a record is shown; the beginning of time for one that never changed. */
    Instant shown(String id) {
        return last.getOrDefault(id, Instant.MIN);
    }

    /** The records as they are shown now, by id. */
    Collection<Row> rows() {
        var now = clock.instant();
        var rows = new TreeMap<String, Row>();
        for (var shown : all) {
            if (shown.from().isAfter(now)) continue;
            if (shown.row() == null) rows.remove(shown.id());
            else rows.put(shown.id(), shown.row());
        }
        return rows.values();
    }
}
