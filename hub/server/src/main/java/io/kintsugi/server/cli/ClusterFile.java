package io.kintsugi.server.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.match.FileRecords;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.SortedSet;

/**
 * Writes which record is in which cluster. A cluster is named by the smallest id in it; where records of two sources share an id, the
 * source is written too and is part of the name.
 */
final class ClusterFile {
    private ClusterFile() {}

    /** Writes the whole file or leaves what was there. */
    static void write(Path file, FileRecords records, List<SortedSet<RecordKey>> clusters) throws IOException {
        boolean idsTellApart = records.idsTellApart();
        var called = new RecordNames(records);
        var names = new HashMap<RecordKey, String>(records.keys().size() * 2);
        for (var cluster : clusters) {
            var name = called.ofCluster(cluster.stream());
            for (var member : cluster) names.put(member, name);
        }
        WholeFile.write(file, half -> {
            try (var csv = CsvWriter.builder().build(new OutputStreamWriter(half, StandardCharsets.UTF_8))) {
                if (idsTellApart) csv.writeRecord("id", "cluster");
                else csv.writeRecord("id", "cluster", "source");
                for (var key : records.keys()) {
                    if (idsTellApart) csv.writeRecord(key.externalId(), names.get(key));
                    else csv.writeRecord(key.externalId(), names.get(key), RecordNames.source(key));
                }
            }
            return null;
        });
    }
}
