package io.kintsugi.server.match;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/**
 * Pairs of records that must not be together, such as twins, from a CSV file {@code id1,id2}, optionally with {@code source1} and
 * {@code source2}. Unlike pairs of a truth they say nothing of any third record.
 */
public final class ApartPairs {
    private record Name(String id, String system) {}

    private record Pair(Name a, Name b) {}

    /**
     * How many of the pairs are apart.
     *
     * @param pairs those whose records are both in the file
     * @param unknown those left out because one is not
     */
    public record Kept(int pairs, int apart, int unknown) {
        /** Share of the pairs that are apart; 1 if there are none. */
        public double share() {
            return pairs == 0 ? 1 : (double) apart / pairs;
        }
    }

    private final List<Pair> pairs = new ArrayList<>();

    private ApartPairs() {}

    /**
     * @param file its name, for messages
     * @throws HubException UNPROCESSABLE if it holds no pairs; the message says where and why
     */
    public static ApartPairs read(String file, CsvRows rows) throws IOException {
        var header = rows.header().stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
        if (!header.contains("id1") || !header.contains("id2")) {
            throw refused(file + ", line 1: the columns are " + String.join(", ", rows.header())
                    + "; a file of pairs that are apart has id1 and id2");
        }
        var apart = new ApartPairs();
        for (var row = rows.next(); row != null; row = rows.next()) {
            if (row.problem() != null) throw refused(file + ", line " + row.line() + ": " + row.problem());
            var a = name(row, header, "id1", "source1");
            var b = name(row, header, "id2", "source2");
            if (a.id().isBlank() || b.id().isBlank()) {
                throw refused(
                        file + ", line " + row.line() + ": an id is empty; give it a value or leave the line out");
            }
            apart.pairs.add(new Pair(a, b));
        }
        if (apart.pairs.isEmpty()) throw refused(file + " has a header and no rows");
        return apart;
    }

    private static Name name(CsvRows.Row row, List<String> header, String id, String source) {
        int at = header.indexOf(source);
        return new Name(
                row.fields().get(header.indexOf(id)),
                at < 0 ? null : FileRecords.systemOf(row.fields().get(at)));
    }

    /** @param clusters every record in exactly one */
    public Kept judge(RecordIds ids, List<SortedSet<RecordKey>> clusters) {
        var clusterOf = new HashMap<RecordKey, Integer>(ids.size() * 2);
        for (int i = 0; i < clusters.size(); i++) for (var key : clusters.get(i)) clusterOf.put(key, i);
        int known = 0;
        int apart = 0;
        for (var pair : pairs) {
            int a = find(ids, pair.a());
            int b = find(ids, pair.b());
            if (a < 0 || b < 0) continue;
            known++;
            if (!clusterOf.get(ids.key(a)).equals(clusterOf.get(ids.key(b)))) apart++;
        }
        return new Kept(known, apart, pairs.size() - known);
    }

    /** The only record of that name; -1 if there is none or several. */
    private static int find(RecordIds ids, Name name) {
        var found = Arrays.stream(ids.withId(name.id()))
                .filter(p -> name.system() == null || ids.key(p).system().equals(name.system()))
                .toArray();
        return found.length == 1 ? found[0] : -1;
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
