package io.kintsugi.server.match;

import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * A group of records that is one in one clustering and several in the other.
 *
 * @param parts at least two, the largest first, each sorted
 * @param pairs of records in different parts
 */
public record Mistake(List<List<RecordKey>> parts, long pairs) {
    private record Group(int from, int to, long pairs, RecordKey first) {
        static final Comparator<Group> WORST_FIRST =
                Comparator.comparingLong(Group::pairs).reversed().thenComparing(Group::first);
    }

    public Mistake {
        parts = parts.stream().map(List::copyOf).toList();
    }

    /**
     * Does not depend on the order of the records.
     *
     * @param records those that are null are left out
     * @param group number of the group of each record
     * @param part number of the part of each record
     * @param most how many to return
     */
    static List<Mistake> worst(RecordKey[] records, int[] group, int[] part, int most) {
        var order = new long[records.length]; // group above, position below
        int count = 0;
        for (int i = 0; i < records.length; i++) if (records[i] != null) order[count++] = (long) group[i] << 32 | i;
        order = Arrays.copyOf(order, count);
        Arrays.parallelSort(order);
        var mixed = new ArrayList<Group>();
        for (int start = 0, end; start < count; start = end) {
            end = start + 1;
            while (end < count && order[end] >> 32 == order[start] >> 32) end++;
            if (end - start < 2) continue;
            var sizes = new HashMap<Integer, Integer>();
            for (int i = start; i < end; i++) sizes.merge(part[(int) order[i]], 1, Integer::sum);
            if (sizes.size() < 2) continue;
            long within = sizes.values().stream().mapToLong(Evaluation::pairs).sum();
            var members = Arrays.stream(order, start, end).mapToObj(i -> records[(int) i]);
            var first = members.min(Comparator.naturalOrder()).orElseThrow();
            mixed.add(new Group(start, end, Evaluation.pairs(end - start) - within, first));
        }
        var sorted = order;
        return mixed.stream()
                .sorted(Group.WORST_FIRST)
                .limit(most)
                .map(g -> of(records, part, sorted, g))
                .toList();
    }

    private static Mistake of(RecordKey[] records, int[] part, long[] order, Group group) {
        var parts = new HashMap<Integer, List<RecordKey>>();
        for (int i = group.from(); i < group.to(); i++) {
            int position = (int) order[i];
            parts.computeIfAbsent(part[position], p -> new ArrayList<>()).add(records[position]);
        }
        parts.values().forEach(p -> p.sort(null));
        var sorted = new ArrayList<>(parts.values());
        sorted.sort(Comparator.comparingInt((List<RecordKey> p) -> p.size())
                .reversed()
                .thenComparing(p -> p.get(0)));
        return new Mistake(sorted, group.pairs());
    }
}
