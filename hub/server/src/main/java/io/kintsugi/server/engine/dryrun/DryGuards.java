package io.kintsugi.server.engine.dryrun;

import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.dryrun.DryReport.Stream;
import io.kintsugi.server.engine.dryrun.DryReport.Warning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is so much that a person should look before it is done: the limits of §4.5 of the design of sync. */
record DryGuards(HubStore copy, DryBook book, long merges, Map<String, Long> goldens, List<Stream> streams) {
    private static final long CREATES = 500;
    private static final int CREATES_PERCENT = 10;
    private static final long OVERWRITES = 500;
    private static final int OVERWRITES_PERCENT = 20;
    private static final long BLANKED = 20;
    private static final int BLANKED_PERCENT = 5;
    private static final long DELETES = 25;
    private static final int DELETES_PERCENT = 2;
    private static final long MERGES = 25;
    private static final int MERGES_PERCENT = 1;

    List<Warning> all() {
        var warnings = new ArrayList<Warning>();
        streams.forEach(stream -> stream(stream, warnings));
        var live = live();
        var created = new HashMap<String, Long>();
        book.systems().forEach((system, counts) -> created.put(system, counts.getOrDefault(Kind.CREATE, 0L)));
        book.systems().forEach((system, counts) -> {
            long records = live.getOrDefault(system, 0L) - created.get(system); // as they are now
            long creates = created.get(system);
            if (many(creates, CREATES, CREATES_PERCENT, records)) {
                warnings.add(new Warning(
                        Guard.MANY_CREATES,
                        system,
                        creates + " records would be created in " + system + ", which has " + records));
            }
            long deletes = counts.getOrDefault(Kind.DELETE, 0L);
            if (many(deletes, DELETES, DELETES_PERCENT, records)) {
                warnings.add(new Warning(
                        Guard.MANY_DELETES,
                        system,
                        deletes + " of " + records + " records would be deleted in " + system));
            }
        });
        fields(live, warnings);
        long all = goldens.values().stream().mapToLong(Long::longValue).sum();
        if (many(merges, MERGES, MERGES_PERCENT, all)) {
            warnings.add(new Warning(
                    Guard.MANY_MERGES, null, merges + " of " + all + " golden records would become part of others"));
        }
        return warnings;
    }

    private static boolean many(long some, long count, int percent, long of) {
        return some > Math.max(count, of * percent / 100);
    }

    private Map<String, Long> live() {
        var live = new HashMap<String, Long>();
        for (var count : copy.read(tx -> tx.records().counts())) {
            if (count.state() == RecordState.LIVE) live.merge(count.system(), count.records(), Long::sum);
        }
        return live;
    }

    /** One field of one system. */
    private record Field(String system, String attribute) {}

    /** Of what is listed; a run with more than that has tripped every guard. */
    private void fields(Map<String, Long> live, List<Warning> warnings) {
        var overwritten = new HashMap<Field, Long>();
        var blanked = new HashMap<Field, Long>();
        for (var change : book.listedWrites()) {
            if (change.kind() != Kind.UPDATE) continue;
            for (var value : change.values()) {
                if (value.from() == null) continue;
                var field = new Field(change.system(), value.attribute());
                (value.to() == null ? blanked : overwritten).merge(field, 1L, Long::sum);
            }
        }
        var order = new TreeMap<String, Warning>();
        overwritten.forEach((field, some) -> {
            long records = live.getOrDefault(field.system(), 0L);
            if (many(some, OVERWRITES, OVERWRITES_PERCENT, records)) {
                order.put(field + "a", warning(Guard.MANY_OVERWRITES, field, some, records, "replaced"));
            }
        });
        blanked.forEach((field, some) -> {
            long records = live.getOrDefault(field.system(), 0L);
            if (many(some, BLANKED, BLANKED_PERCENT, records)) {
                order.put(field + "b", warning(Guard.MANY_BLANKED, field, some, records, "made empty"));
            }
        });
        warnings.addAll(order.values());
    }

    private static Warning warning(Guard guard, Field field, long some, long records, String what) {
        return new Warning(
                guard,
                field.system(),
                field.attribute() + " would be " + what + " in " + some + " of " + records + " records of "
                        + field.system());
    }

    private static void stream(Stream stream, List<Warning> warnings) {
        var name = stream.stream() + " of " + stream.system();
        if (stream.blank() > 0) {
            warnings.add(
                    new Warning(
                            Guard.BLANK_KEYS,
                            stream.system(),
                            share(stream.blank(), stream.rows()) + " of the rows of " + name
                                    + " hold nothing that can identify anything; they get no golden record and nothing is created for them"));
        }
        if (stream.twins() > 0) {
            warnings.add(new Warning(
                    Guard.TWINS,
                    stream.system(),
                    share(stream.twins(), stream.rows()) + " of the rows of " + name
                            + " are the same as another row of it"));
        }
        if (stream.unreadable() > 0) {
            warnings.add(new Warning(
                    Guard.UNREADABLE,
                    stream.system(),
                    share(stream.unreadable(), stream.rows()) + " of the rows of " + name
                            + " cannot be read as they are mapped"));
        }
    }

    private static String share(long some, long all) {
        return String.format(Locale.ROOT, "%d (%.1f %%)", some, all == 0 ? 100.0 : 100.0 * some / all);
    }
}
