package io.kintsugi.connector.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells whether somebody may still be writing at the files of a stream. Thread-safe. */
final class Quiet {
    /** A file that does not end its last line may be cut in the middle of a row, so it is given this many times longer. */
    private static final int UNFINISHED = 10;

    private record Sight(String marks, Instant since) {}

    private final Clock clock;
    private final Duration quiet;
    private final Map<String, Sight> sights = new ConcurrentHashMap<>();
    private final Map<String, String> own = new ConcurrentHashMap<>();

    Quiet(Settings settings, Clock clock) {
        this.clock = clock;
        this.quiet = settings.quiet();
    }

    /** Notes that the connector itself made the last change of a stream. */
    void wrote(StreamFiles stream) throws IOException {
        own.put(stream.name(), stream.marks());
    }

    /** Whether the last change was made by the connector itself, or long enough ago. */
    boolean mayBeReplaced(StreamFiles stream) throws IOException {
        return stream.marks().equals(own.get(stream.name())) || mayBeRead(stream);
    }

    /** Whether the last change was long enough ago. One from the future tells of another clock: only watching helps then. */
    boolean mayBeRead(StreamFiles stream) throws IOException {
        if (quiet.isZero()) return true;
        Instant now = clock.instant();
        Instant changed = stream.lastChange();
        if (changed.isAfter(now)) {
            String marks = stream.marks();
            Sight sight = sights.compute(
                    stream.name(),
                    (name, before) -> before != null && before.marks.equals(marks) ? before : new Sight(marks, now));
            changed = sight.since;
        }
        Duration needed = isFinished(stream) ? quiet : quiet.multipliedBy(UNFINISHED);
        return !changed.plus(needed).isAfter(now);
    }

    private static boolean isFinished(StreamFiles stream) throws IOException {
        for (Path path : stream.files()) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
                long from = Math.max(0, file.length() - 2); // a character of UTF-16 has two bytes
                boolean finished = file.length() == 0;
                for (long at = from; at < file.length(); at++) {
                    file.seek(at);
                    int last = file.read();
                    finished |= last == '\n' || last == '\r';
                }
                if (!finished) return false;
            }
        }
        return true;
    }
}
