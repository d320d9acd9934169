package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a reader knows that applies changes as they come, as simply as the contract allows. */
final class Replica {
    private static final int MANY_POLLS = 500;

    private final Map<String, NativeRecord> records = new TreeMap<>();
    private final List<Change> applied = new ArrayList<>();

    /** Polls until the connector says that nothing more was there. */
    Checkpoint catchUp(Connector connector, Query query, Checkpoint from, int maxRecords) throws Exception {
        ChangeSource source = connector.facet(ChangeSource.class).orElseThrow();
        Checkpoint position = from;
        for (int polls = 0; polls < MANY_POLLS; polls++) {
            ChangeBatch batch = source.poll(query, position, maxRecords);
            assertThat(batch.next()).as("position after a poll").isNotNull();
            assertThat(batch.changes()).hasSizeLessThanOrEqualTo(maxRecords);
            for (Change change : batch.changes()) apply(connector, query, change);
            position = batch.next();
            if (batch.caughtUp()) return position;
        }
        throw new AssertionError("not caught up after " + MANY_POLLS + " polls of " + maxRecords);
    }

    private void apply(Connector connector, Query query, Change change) throws Exception {
        applied.add(change);
        String id = change.id().id();
        if (change instanceof Change.Upserted upserted) records.put(id, upserted.record());
        else if (change instanceof Change.Deleted) records.remove(id);
        else if (change instanceof Change.Merged merged) merged.losers().forEach(loser -> records.remove(loser.id()));
        else if (change instanceof Change.Converted) records.remove(id);
        else if (connector.lookups().byId(query, List.of(id)).get(id) instanceof Lookup.Found found)
            records.put(id, found.record());
    }

    Map<String, NativeRecord> records() {
        return records;
    }

    /** Every change in the order it came. */
    List<Change> applied() {
        return applied;
    }
}
