package io.kintsugi.server.match;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Pairs that somebody judged, from a CSV file {@code id1,id2,match}, optionally with {@code source1} and {@code source2}. Unlike pairs of a
 * truth they say nothing of records that they do not name.
 */
public final class LabelFile {
    private static final Set<String> SAME = Set.of("true", "yes", "1", "same");
    private static final Set<String> DIFFERENT = Set.of("false", "no", "0", "different");
    private static final List<String> COLUMNS = List.of("id1", "id2", "match", "source1", "source2");
    private static final int WIDEST = 40;

    /** @param system null if the file has no column for it */
    private record Name(String id, String system, String column, int number) {}

    private record Row(long line, Name one, Name other, boolean same) {}

    /** @param line that says it */
    private record Said(LabelledPair pair, long line) {}

    private final String file;
    private final List<Row> rows = new ArrayList<>();

    private LabelFile(String file) {
        this.file = file;
    }

    /**
     * @param file its name, for messages
     * @throws HubException UNPROCESSABLE if it does not say of each pair whether it is a match; the message says where and why
     */
    public static LabelFile read(String file, CsvRows csv) throws IOException {
        var header = csv.header().stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
        var labels = new LabelFile(file);
        if (!header.containsAll(COLUMNS.subList(0, 3))) {
            throw labels.refused(
                    1,
                    "the columns are " + String.join(", ", csv.header()) + "; a file of labels has id1, id2 and match");
        }
        for (var column : COLUMNS) {
            if (header.indexOf(column) != header.lastIndexOf(column)) {
                throw labels.refused(
                        1,
                        "columns " + (header.indexOf(column) + 1) + " and " + (header.lastIndexOf(column) + 1)
                                + " are both named " + column);
            }
        }
        if (header.contains("source1") != header.contains("source2")) {
            throw labels.refused(1, "source1 and source2 come together, and one is missing");
        }
        for (var row = csv.next(); row != null; row = csv.next()) {
            if (row.problem() != null) throw labels.refused(row.line(), row.problem());
            labels.rows.add(new Row(
                    row.line(),
                    labels.name(row, header, "id1", "source1"),
                    labels.name(row, header, "id2", "source2"),
                    labels.same(row, header.indexOf("match"))));
        }
        if (labels.rows.isEmpty()) throw unprocessable(file + " has a header and no rows");
        return labels;
    }

    private Name name(CsvRows.Row row, List<String> header, String idColumn, String sourceColumn) {
        int column = header.indexOf(idColumn);
        int source = header.indexOf(sourceColumn);
        var id = row.fields().get(column);
        var system = source < 0 ? null : FileRecords.systemOf(row.fields().get(source));
        var name = new Name(id, system, idColumn, column + 1);
        if (id.isBlank()) throw refused(row.line(), name, "empty; give it a value or leave the line out");
        return name;
    }

    private boolean same(CsvRows.Row row, int column) {
        var given = row.fields().get(column).strip();
        var word = given.toLowerCase(Locale.ROOT);
        if (SAME.contains(word)) return true;
        if (DIFFERENT.contains(word)) return false;
        throw refused(
                row.line(),
                "column " + (column + 1) + " (match): "
                        + (given.isEmpty() ? "empty" : '"' + given.substring(0, Math.min(WIDEST, given.length())) + '"')
                        + "; write true, yes, 1 or same, or false, no, 0 or different");
    }

    /**
     * The pairs as records.
     *
     * @return each pair once, ordered by its keys; what they say can all be true
     * @throws HubException UNPROCESSABLE if a name is no record's or several records', both are the same record, or what one line says
     *     cannot be true together with others, which may need several to show; the message names the lines
     */
    public List<LabelledPair> find(RecordIds ids) {
        var pairs = new TreeMap<RecordKey, Map<RecordKey, Said>>();
        for (var row : rows) {
            var one = find(ids, row, row.one());
            var other = find(ids, row, row.other());
            if (one.equals(other)) {
                throw refused(
                        row.line(),
                        "both ids are those of one record, " + row.one().id());
            }
            var said = new Said(LabelledPair.of(one, other, row.same()), row.line());
            var before = pairs.computeIfAbsent(said.pair().a(), a -> new TreeMap<>())
                    .putIfAbsent(said.pair().b(), said);
            if (before != null && before.pair().same() != row.same()) {
                throw refused(
                        row.line(),
                        "says of " + row.one().id() + " and " + row.other().id() + " the opposite of line "
                                + before.line() + "; keep one of the lines");
            }
        }
        var all = pairs.values().stream().flatMap(of -> of.values().stream()).toList();
        refuseContradictions(all);
        return all.stream().map(Said::pair).toList();
    }

    private RecordKey find(RecordIds ids, Row row, Name name) {
        var found = Arrays.stream(ids.withId(name.id()))
                .mapToObj(ids::key)
                .filter(key -> name.system() == null || key.system().equals(name.system()))
                .toList();
        if (found.size() == 1) return found.get(0);
        if (found.isEmpty()) {
            var where = name.system() == null ? "" : " of the source " + FileRecords.sourceOf(name.system());
            throw refused(row.line(), name, "no record" + where + " has the id " + name.id());
        }
        throw refused(
                row.line(),
                name,
                "several records have the id " + name.id() + ", of the sources "
                        + found.stream()
                                .map(key -> FileRecords.sourceOf(key.system()))
                                .collect(Collectors.joining(", "))
                        + "; say which is meant in columns source1 and source2");
    }

    /** What is the same as the same thing is the same, so that two may not differ that a chain of pairs makes one. */
    private void refuseContradictions(Collection<Said> all) {
        var same = new HashMap<RecordKey, List<Said>>();
        for (var said : all) {
            if (!said.pair().same()) continue;
            same.computeIfAbsent(said.pair().a(), a -> new ArrayList<>()).add(said);
            same.computeIfAbsent(said.pair().b(), b -> new ArrayList<>()).add(said);
        }
        var group = new HashMap<RecordKey, RecordKey>(); // by its first record
        for (var record : same.keySet()) {
            if (group.containsKey(record)) continue;
            for (var member : steps(record, same).keySet()) group.put(member, record);
        }
        all.stream()
                .filter(said -> !said.pair().same())
                .filter(said -> group.containsKey(said.pair().a()))
                .filter(said ->
                        group.get(said.pair().a()).equals(group.get(said.pair().b())))
                .min(Comparator.comparingLong(Said::line))
                .ifPresent(said -> {
                    throw contradiction(said, same);
                });
    }

    private HubException contradiction(Said said, Map<RecordKey, List<Said>> same) {
        var steps = steps(said.pair().a(), same);
        var chain = new ArrayList<String>();
        var lines = new ArrayList<Long>();
        var at = said.pair().b();
        for (var step = steps.get(at); step != null; step = steps.get(at)) {
            chain.add(at.externalId());
            lines.add(step.line());
            at = other(step, at);
        }
        chain.add(at.externalId());
        Collections.reverse(chain);
        Collections.sort(lines);
        return refused(
                said.line(),
                "says that " + chain.get(0) + " and " + chain.get(chain.size() - 1)
                        + " are different, and by lines "
                        + lines.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " they are the same: " + String.join(" = ", chain) + "; correct one of the lines");
    }

    /** By record that is the same as this one, what was said of it and of the one before it on a shortest way; null for this one. */
    private static Map<RecordKey, Said> steps(RecordKey from, Map<RecordKey, List<Said>> same) {
        var steps = new HashMap<RecordKey, Said>();
        steps.put(from, null);
        var queue = new ArrayDeque<>(List.of(from));
        for (var at = queue.poll(); at != null; at = queue.poll()) {
            for (var said : same.get(at)) {
                var next = other(said, at);
                if (steps.containsKey(next)) continue;
                steps.put(next, said);
                queue.add(next);
            }
        }
        return steps;
    }

    private static RecordKey other(Said said, RecordKey of) {
        return said.pair().a().equals(of) ? said.pair().b() : said.pair().a();
    }

    private HubException refused(long line, Name name, String why) {
        return refused(line, "column " + name.number() + " (" + name.column() + "): " + why);
    }

    private HubException refused(long line, String why) {
        return unprocessable(file + ", line " + line + ": " + why);
    }

    private static HubException unprocessable(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
