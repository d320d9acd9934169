package io.kintsugi.server.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.SortedSet;

/** Writes which record is in which cluster. A cluster is named by the smallest id in it. */
final class ClusterFile {
    private ClusterFile() {}

    /** Writes the whole file or leaves what was there. */
    static void write(Path file, List<String> ids, List<SortedSet<RecordKey>> clusters) throws IOException {
        var names = new HashMap<String, String>(ids.size() * 2);
        for (var cluster : clusters) {
            var name = cluster.stream()
                    .map(RecordKey::externalId)
                    .min(String::compareTo)
                    .orElseThrow();
            for (var member : cluster) names.put(member.externalId(), name);
        }
        var half = Files.createTempFile(file.toAbsolutePath().getParent(), ".match", ".csv");
        try {
            try (var csv = CsvWriter.builder().build(half, StandardCharsets.UTF_8)) {
                csv.writeRecord("id", "cluster");
                for (var id : ids) csv.writeRecord(id, names.get(id));
            }
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }
}
