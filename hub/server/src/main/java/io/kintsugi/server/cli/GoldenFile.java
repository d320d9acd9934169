package io.kintsugi.server.cli;

import static java.util.Comparator.comparingInt;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.survivorship.Survivorship;
import io.kintsugi.core.sync.Absorb;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.load.PackedObservations;
import io.kintsugi.server.match.Column;
import io.kintsugi.server.match.FileRecords;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Writes one row for each cluster, with the values that a hub would give to the golden record of its records: they are taken in as a
 * load does, and chosen by the same survivorship, under the shipped authority policy. Keeps the values of all records in the meantime,
 * packed, because the file may be a pipe. For one thread.
 */
final class GoldenFile {
    private static final int PAGE = 20_000; // clusters
    private static final String STREAM = "rows";
    private static final Instant ANY_TIME =
            Instant.EPOCH; // no row says when it changed, and the shipped policy knows no decay

    private final AuthorityPolicy authority;
    private final List<Column> columns;
    private final PackedObservations rows = new PackedObservations(STREAM);
    private final Map<String, String> systems = new HashMap<>(); // of a hub, by those of the file

    /** @param columns whose values are written, in their order; their names are all different */
    GoldenFile(EntityType type, List<Column> columns) {
        this.authority = ModelReader.authority(type, 0, "");
        this.columns = List.copyOf(columns);
    }

    /** Keeps the values of one more record. */
    void take(RecordKey key, List<String> fields) {
        var values = new HashMap<String, String>();
        for (var column : columns) {
            var value = Translator.text(fields.get(column.index()));
            if (!value.isEmpty()) values.put(column.header(), value);
        }
        // of records that have as good a claim the first by system wins, so it has to be called what a load calls it
        var system = systems.computeIfAbsent(key.system(), name -> LoadedSystems.id(FileRecords.sourceOf(name)));
        var hubKey = system.equals(key.system()) ? key : new RecordKey(system, key.entityType(), key.externalId());
        rows.add(new Observation(hubKey, STREAM, values, null, null));
    }

    /**
     * Writes the whole file, or leaves what was there: clusters in the order in which the file first has one of their records.
     *
     * @param records those that were taken, in the same order
     */
    void write(Path file, FileRecords records, List<SortedSet<RecordKey>> clusters, DoubleConsumer progress)
            throws IOException {
        var called = new RecordNames(records);
        var inOrder = inOrder(records.keys(), clusters);
        WholeFile.write(file, half -> {
            try (var csv = CsvWriter.builder().build(new OutputStreamWriter(half, StandardCharsets.UTF_8))) {
                csv.writeRecord(header());
                for (int from = 0; from < inOrder.size(); from += PAGE) {
                    progress.accept((double) from / inOrder.size());
                    inOrder.subList(from, Math.min(inOrder.size(), from + PAGE)).parallelStream()
                            .map(cluster -> row(called, records.keys(), cluster))
                            .toList()
                            .forEach(csv::writeRecord);
                }
            }
            return null;
        });
    }

    /** Positions of the records of each cluster, ascending. */
    private static List<int[]> inOrder(List<RecordKey> keys, List<SortedSet<RecordKey>> clusters) {
        var positions = new HashMap<RecordKey, Integer>(keys.size() * 2);
        for (int i = 0; i < keys.size(); i++) positions.put(keys.get(i), i);
        return clusters.parallelStream()
                .map(cluster ->
                        cluster.stream().mapToInt(positions::get).sorted().toArray())
                .sorted(comparingInt(cluster -> cluster[0]))
                .toList();
    }

    private List<String> header() {
        var names = columns.stream().map(Column::header).toList();
        var header = new ArrayList<String>();
        for (var own : List.of("cluster", "records")) {
            var name = own;
            for (int i = 2; names.contains(name); i++) name = own + i;
            header.add(name);
        }
        header.addAll(names);
        return header;
    }

    private List<String> row(RecordNames called, List<RecordKey> keys, int[] cluster) {
        var choices = Survivorship.survive(
                        IntStream.of(cluster).mapToObj(this::record).toList(), authority, List.of(), ANY_TIME)
                .choices();
        var row = new ArrayList<String>(columns.size() + 2);
        row.add(called.ofCluster(IntStream.of(cluster).mapToObj(keys::get)));
        row.add(Integer.toString(cluster.length));
        for (var column : columns) {
            var choice = choices.get(column.header());
            row.add(choice == null || choice.value() == null ? "" : choice.value());
        }
        return row;
    }

    private SourceRecord record(int position) {
        return Absorb.absorb(null, rows.get(position), null, attribute -> null, ANY_TIME)
                .record();
    }
}
