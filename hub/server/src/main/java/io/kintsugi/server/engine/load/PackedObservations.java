package io.kintsugi.server.engine.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.sync.Absorb.Observation;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Many observations of one stream in a fourth of the memory that they take as objects. Added by one thread, then read by any number. */
public final class PackedObservations {
    private static final int NONE = -1;

    private final String stream;
    private final List<String> names = new ArrayList<>(); // of attributes, by number
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<RecordKey> keys = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();

    public PackedObservations(String stream) {
        this.stream = stream;
    }

    /** @param seen of this stream */
    public void add(Observation seen) {
        var texts = new byte[seen.attributes().size() + 1][];
        int size = 4 + 12 + 4;
        int at = 0;
        for (var value : seen.attributes().values()) {
            texts[at] = value.getBytes(UTF_8);
            size += 8 + texts[at++].length;
        }
        texts[at] = seen.version() == null ? null : seen.version().getBytes(UTF_8);
        if (texts[at] != null) size += texts[at].length;
        var body = ByteBuffer.allocate(size).putInt(seen.attributes().size());
        at = 0;
        for (var name : seen.attributes().keySet()) {
            body.putInt(numbers.computeIfAbsent(name, n -> {
                names.add(n);
                return names.size() - 1;
            }));
            put(body, texts[at++]);
        }
        put(body, texts[at]);
        var sourceAt = seen.sourceAt();
        body.putLong(sourceAt == null ? 0 : sourceAt.getEpochSecond());
        body.putInt(sourceAt == null ? NONE : sourceAt.getNano());
        keys.add(seen.key());
        bodies.add(body.array());
    }

    private static void put(ByteBuffer body, byte[] text) {
        body.putInt(text == null ? NONE : text.length);
        if (text != null) body.put(text);
    }

    private static String text(ByteBuffer body) {
        int length = body.getInt();
        if (length == NONE) return null;
        var text = new String(body.array(), body.position(), length, UTF_8);
        body.position(body.position() + length);
        return text;
    }

    /** How many were added. */
    public int size() {
        return keys.size();
    }

    /** Key of the record at a place, counted from 0. */
    public RecordKey key(int place) {
        return keys.get(place);
    }

    /** The observation that was added as the so-manieth, from 0. */
    public Observation get(int place) {
        var body = ByteBuffer.wrap(bodies.get(place));
        int count = body.getInt();
        var attributes = new HashMap<String, String>(count * 2);
        for (int i = 0; i < count; i++) attributes.put(names.get(body.getInt()), text(body));
        var version = text(body);
        long seconds = body.getLong();
        int nanos = body.getInt();
        var sourceAt = nanos == NONE ? null : Instant.ofEpochSecond(seconds, nanos);
        return new Observation(keys.get(place), stream, attributes, sourceAt, version);
    }
}
