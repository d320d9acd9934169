package io.kintsugi.server.match;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Which records are truly the same, from a CSV file of one of two forms: {@code id,cluster}, optionally with {@code source}, or
 * {@code id1,id2}, optionally with {@code source1} and {@code source2}. Pairs say it with their closure: what is the same as the same
 * thing is the same, and a record in no pair is alone.
 */
public final class Truth {
    /** @param system null if the file has no column for it */
    private record Name(String id, String system) {
        @Override
        public String toString() {
            return system == null ? id : FileRecords.sourceOf(system) + ":" + id;
        }
    }

    /** @param line that named it first */
    private record Place(int cluster, long line) {}

    private final String file;
    private final boolean pairs;
    private final Map<Name, Place> places = new LinkedHashMap<>();
    private long repeats;
    private long selves;
    private long givenPairs;
    private long closedPairs;

    private Truth(String file, boolean pairs) {
        this.file = file;
        this.pairs = pairs;
    }

    /**
     * @param file its name, for messages
     * @throws HubException UNPROCESSABLE if it does not say who is the same as whom; the message says where and why
     */
    public static Truth read(String file, CsvRows rows) throws IOException {
        var header = rows.header().stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
        boolean clusters = header.contains("id") && header.contains("cluster");
        boolean pairs = header.contains("id1") && header.contains("id2");
        if (clusters == pairs) {
            throw refused(file + ", line 1: the columns are " + String.join(", ", rows.header())
                    + "; a truth file has either id and cluster, or id1 and id2");
        }
        for (var needed : pairs ? List.of("id1", "id2", "source1", "source2") : List.of("id", "cluster", "source")) {
            if (header.indexOf(needed) != header.lastIndexOf(needed)) {
                throw refused(file + ", line 1: columns " + (header.indexOf(needed) + 1) + " and "
                        + (header.lastIndexOf(needed) + 1) + " are both named " + needed);
            }
        }
        if (header.contains("source1") != header.contains("source2") && pairs) {
            throw refused(file + ", line 1: source1 and source2 come together, and one is missing");
        }
        var truth = new Truth(file, pairs);
        if (pairs) truth.readPairs(rows, header);
        else truth.readClusters(rows, header);
        if (truth.places.isEmpty()) throw refused(file + " has a header and no rows");
        return truth;
    }

    private void readClusters(CsvRows rows, List<String> header) throws IOException {
        int cluster = header.indexOf("cluster");
        var numbers = new HashMap<String, Integer>();
        for (var row = rows.next(); row != null; row = rows.next()) {
            var name = name(row, header, "id", "source");
            var label = value(row, cluster, "cluster");
            var number = numbers.computeIfAbsent(label, c -> numbers.size());
            var before = places.putIfAbsent(name, new Place(number, row.line()));
            if (before == null) continue;
            if (before.cluster() != number) {
                throw refused(at(row, cluster, "cluster") + "record " + name + " is in cluster " + label
                        + ", but on line " + before.line() + " it is in another; keep one of the lines");
            }
            repeats++;
        }
    }

    private void readPairs(CsvRows rows, List<String> header) throws IOException {
        var parent = new ArrayList<Integer>();
        var seen = new HashSet<Long>();
        for (var row = rows.next(); row != null; row = rows.next()) {
            int a = number(name(row, header, "id1", "source1"), row, parent);
            int b = number(name(row, header, "id2", "source2"), row, parent);
            if (a == b) selves++;
            else if (!seen.add((long) Math.min(a, b) << 32 | Math.max(a, b))) repeats++;
            int one = root(parent, a);
            int other = root(parent, b);
            parent.set(Math.max(one, other), Math.min(one, other));
        }
        places.replaceAll((name, place) -> new Place(root(parent, place.cluster()), place.line()));
        givenPairs = seen.size();
        closedPairs = places.values().stream()
                .collect(Collectors.groupingBy(Place::cluster, Collectors.summingInt(p -> 1)))
                .values()
                .stream()
                .mapToLong(Evaluation::pairs)
                .sum();
    }

    private int number(Name name, CsvRows.Row row, List<Integer> parent) {
        var place = places.get(name);
        if (place != null) return place.cluster();
        places.put(name, new Place(parent.size(), row.line()));
        parent.add(parent.size());
        return parent.size() - 1;
    }

    private static int root(List<Integer> parent, int i) {
        while (parent.get(i) != i) {
            parent.set(i, parent.get(parent.get(i)));
            i = parent.get(i);
        }
        return i;
    }

    private Name name(CsvRows.Row row, List<String> header, String idColumn, String sourceColumn) {
        if (row.problem() != null) throw refused(file + ", line " + row.line() + ": " + row.problem());
        int source = header.indexOf(sourceColumn);
        var id = value(row, header.indexOf(idColumn), idColumn);
        return new Name(
                id, source < 0 ? null : FileRecords.systemOf(row.fields().get(source)));
    }

    private String value(CsvRows.Row row, int column, String name) {
        var value = row.fields().get(column);
        if (value.isBlank()) throw refused(at(row, column, name) + "empty; give it a value or leave the line out");
        return value;
    }

    private String at(CsvRows.Row row, int column, String name) {
        return file + ", line " + row.line() + ", column " + (column + 1) + " (" + name + "): ";
    }

    /** What the file is taken for and what in it had no effect, in sentences for people. */
    public List<String> remarks() {
        var remarks = new ArrayList<String>();
        if (pairs) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "%s holds %,d pairs%s; records in no pair are taken for alone",
                    file,
                    givenPairs,
                    closedPairs == givenPairs
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", and %,d with those that follow from them (A = B and B = C give A = C)",
                                    closedPairs)));
        }
        if (repeats > 0) remarks.add(count(repeats, "row") + " of " + file + " only repeat what another says");
        if (selves > 0) remarks.add(count(selves, "row") + " of " + file + " pair a record with itself");
        return remarks;
    }

    private static String count(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    /**
     * Puts what was found beside the truth.
     *
     * @param clusters every record in exactly one
     * @throws HubException UNPROCESSABLE if no id is known, or an id is that of records of several sources and the truth does not say
     *     which
     */
    public Judged judge(RecordIds ids, List<SortedSet<RecordKey>> clusters) {
        var foundOf = new HashMap<RecordKey, Integer>(ids.size() * 2);
        for (int i = 0; i < clusters.size(); i++) for (var key : clusters.get(i)) foundOf.put(key, i);
        int most = places.size() + (pairs ? ids.size() : 0);
        var records = new RecordKey[most];
        var found = new int[most];
        var truth = new int[most];
        var unknown = new ArrayList<String>();
        var named = new boolean[ids.size()];
        int count = 0;
        int next = clusters.size();
        for (var entry : places.entrySet()) {
            int position = find(ids, entry.getKey(), entry.getValue());
            if (position < 0) {
                unknown.add(entry.getKey().toString());
                found[count] = next++;
            } else {
                named[position] = true;
                records[count] = ids.key(position);
                found[count] = foundOf.get(records[count]);
            }
            truth[count++] = entry.getValue().cluster();
        }
        if (unknown.size() == places.size()) {
            throw refused("no id of " + file + " is an id of the records, the first is " + unknown.get(0)
                    + "; say which column holds them with --id-column"
                    + (hasSystems() ? " and their sources with --source-column" : ""));
        }
        int unnamed = 0;
        for (int position = 0; position < named.length; position++) {
            if (named[position]) continue;
            unnamed++;
            if (!pairs) continue;
            records[count] = ids.key(position);
            found[count] = foundOf.get(records[count]);
            truth[count++] = places.size() + position;
        }
        return new Judged(
                Arrays.copyOf(records, count),
                Arrays.copyOf(found, count),
                Arrays.copyOf(truth, count),
                unknown,
                pairs ? 0 : unnamed);
    }

    private boolean hasSystems() {
        return places.keySet().iterator().next().system() != null;
    }

    private int find(RecordIds ids, Name name, Place place) {
        var positions = ids.withId(name.id());
        if (name.system() != null) {
            return Arrays.stream(positions)
                    .filter(p -> ids.key(p).system().equals(name.system()))
                    .findFirst()
                    .orElse(-1);
        }
        if (positions.length > 1) {
            throw refused(file + ", line " + place.line() + ": several records have the id " + name.id()
                    + ", of the sources "
                    + Arrays.stream(positions)
                            .mapToObj(p -> FileRecords.sourceOf(ids.key(p).system()))
                            .collect(Collectors.joining(", "))
                    + "; say which is meant in " + (pairs ? "columns source1 and source2" : "a column source"));
        }
        return positions.length == 0 ? -1 : positions[0];
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
