package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Links;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

final class MemoryLinks implements Links {
    private record Id(RecordKey a, RecordKey b, Origin origin) implements Comparable<Id> {
        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::a).thenComparing(Id::b).thenComparing(Id::origin);

        static Id of(Link link) {
            return new Id(link.a(), link.b(), link.origin());
        }

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    private final Ledger ledger;
    private final MemoryRecords records;
    private final Table<Id, Link> rows;
    private final Index<RecordKey, Id> ends;

    MemoryLinks(Ledger ledger, MemoryRecords records) {
        this.ledger = ledger;
        this.records = records;
        rows = new Table<>(ledger);
        ends = new Index<>(ledger);
        records.tiedBy(record -> !ends.of(record).isEmpty());
    }

    @Override
    public List<Link> of(Collection<RecordKey> asked) {
        var ids = new TreeSet<Id>();
        for (var record : asked) ids.addAll(ends.of(record));
        return new ArrayList<>(rows.find(ids).values());
    }

    @Override
    public void save(Collection<Link> links) {
        ledger.requireWriting();
        for (var link : links) {
            records.require(link.a(), "a link");
            records.require(link.b(), "a link");
            var id = Id.of(link);
            rows.put(id, link);
            ends.add(link.a(), id);
            ends.add(link.b(), id);
        }
    }

    @Override
    public void removeRuleLinks(Collection<Link> links) {
        ledger.requireWriting();
        for (var link : links) {
            if (link.origin() != Origin.RULE) continue;
            var id = Id.of(link);
            rows.remove(id);
            ends.remove(link.a(), id);
            ends.remove(link.b(), id);
        }
    }

    /** Forgets all links of records, verdicts too; how many there were. */
    long remove(Collection<RecordKey> records) {
        var gone = of(records);
        for (var link : gone) {
            var id = Id.of(link);
            rows.remove(id);
            ends.remove(link.a(), id);
            ends.remove(link.b(), id);
        }
        return gone.size();
    }

    @Override
    public String toString() {
        return "links " + rows + ends;
    }
}
