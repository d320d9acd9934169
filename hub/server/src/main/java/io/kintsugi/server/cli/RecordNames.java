package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.match.FileRecords;
import io.kintsugi.server.match.RecordIds;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people call the records of a file: by id, or by {@code SOURCE:ID} in files where sources share ids. */
final class RecordNames {
    private final boolean idsTellApart;

    RecordNames(FileRecords records) {
        idsTellApart = records.idsTellApart();
    }

    String of(RecordKey key) {
        return idsTellApart ? key.externalId() : source(key) + ":" + key.externalId();
    }

    /** What a cluster is called: as the record whose name is the smallest. */
    String ofCluster(Stream<RecordKey> records) {
        return records.map(this::of).min(String::compareTo).orElseThrow();
    }

    static String source(RecordKey key) {
        return FileRecords.sourceOf(key.system());
    }

    /**
     * Position of the record that somebody named by id or by {@code SOURCE:ID}.
     *
     * @throws HubException BAD_REQUEST if it is none or several
     */
    static int find(RecordIds ids, String name) {
        var positions = ids.withId(name);
        if (positions.length > 1) {
            var names = Arrays.stream(positions)
                    .mapToObj(p -> source(ids.key(p)) + ":" + ids.key(p).externalId())
                    .collect(Collectors.joining(", "));
            throw new HubException(
                    HubErrorCode.BAD_REQUEST, "several records have the id " + name + "; name one: " + names);
        }
        if (positions.length == 1) return positions[0];
        for (int colon = name.indexOf(':'); colon >= 0; colon = name.indexOf(':', colon + 1)) {
            var system = FileRecords.systemOf(name.substring(0, colon));
            for (int position : ids.withId(name.substring(colon + 1))) {
                if (ids.key(position).system().equals(system)) return position;
            }
        }
        throw new HubException(HubErrorCode.BAD_REQUEST, "no record has the id " + CliText.printable(name));
    }
}
