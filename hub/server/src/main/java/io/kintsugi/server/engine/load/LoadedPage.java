package io.kintsugi.server.engine.load;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.ParkedRows;
import io.kintsugi.server.engine.inbound.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One page of rows, sorted by the systems they belong to. */
final class LoadedPage {
    private final Loader.Job job;
    private final Map<String, Translator> translators = new TreeMap<>();
    private final Map<String, List<Observation>> seen = new TreeMap<>();
    private final List<Unreadable> parked = new ArrayList<>();
    private final Set<String> reported;
    private final Position position;

    /** A page by itself. */
    LoadedPage(Loader.Job job, SnapshotSource.Page page) {
        this(job, page, null);
    }

    /**
     * A page of a load.
     *
     * @param reported names of the rows that could not be taken since its first page, to which those of this one are added; null if that
     *     is not known
     */
    LoadedPage(Loader.Job job, SnapshotSource.Page page, Set<String> reported) {
        this.job = job;
        this.reported = reported;
        page.records().forEach(this::take);
        parked.addAll(page.unreadable());
        if (reported != null)
            parked.forEach(row -> reported.add(ParkedRows.Row.unread(row).name()));
        position = new Position(null, page.last() ? null : page.next(), page.last());
    }

    /** Where the load stands when this page is stored. */
    Position position() {
        return position;
    }

    private void take(NativeRecord row) {
        var system = job.systemOf().apply(row);
        if (system == null) {
            park(row, "does not say which system it is from");
            return;
        }
        try {
            var observation = translators
                    .computeIfAbsent(system, id -> new Translator(id, job.mapping()))
                    .read(row);
            seen.computeIfAbsent(system, id -> new ArrayList<>()).add(observation);
        } catch (Translator.Unmappable e) {
            park(row, e.getMessage());
        }
    }

    private void park(NativeRecord row, String reason) {
        parked.add(new Unreadable(
                job.mapping().stream(),
                row.id().id(),
                reason,
                row.fields().toString(),
                row.id().id()));
    }

    /** One batch per system, in the order of their ids; rows that could not be taken are booked under the system of the load. */
    List<Intake.Batch> batches() {
        var batches = new ArrayList<Intake.Batch>();
        seen.forEach((system, observations) -> batches.add(batch(system, observations, List.of(), false)));
        rest().ifPresent(batches::add);
        return batches;
    }

    /** The batch of the rows that could not be taken; empty for a page without any that is not the last. */
    Optional<Intake.Batch> rest() {
        boolean last = position.snapshotDone();
        if (parked.isEmpty() && !last) return Optional.empty();
        var rows = parked.stream().map(ParkedRows.Row::unread).toList();
        return Optional.of(batch(job.system(), List.of(), rows, last));
    }

    private Intake.Batch batch(String system, List<Observation> observations, List<ParkedRows.Row> rows, boolean ends) {
        return new Intake.Batch(
                job.system(),
                system,
                job.mapping().stream(),
                job.mapping().entityType(),
                observations,
                Map.of(),
                List.of(),
                Deletion.Evidence.ABSENT,
                Map.of(),
                rows,
                reported == null ? null : new ParkedRows.Sweep(reported, ends),
                null,
                Map.of());
    }

    /** What was read and could be taken. */
    List<Observation> observations() {
        return seen.values().stream().flatMap(List::stream).toList();
    }

    List<Unreadable> parked() {
        return List.copyOf(parked);
    }
}
