package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.connector.spi.Writer.WriteOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A connector to one place, and the calls tests make of it. */
final class Harness implements AutoCloseable {
    final Place place;
    final Connector connector;

    Harness(Place place, Map<String, Object> settings) throws ConnectorException {
        this.place = place;
        this.connector = open(settings, Map.of());
    }

    /** A connector to this place with what is special about one of its tables. */
    static Harness of(Place place, String stream, Map<String, Object> about) throws ConnectorException {
        Map<String, Object> settings = place.settings();
        settings.put("streams", Map.of(stream, about));
        return new Harness(place, settings);
    }

    static Connector open(Map<String, Object> settings, Map<String, String> secrets) throws ConnectorException {
        return new JdbcConnectorFactory().open("shop", settings, new Lent(secrets));
    }

    ChangeSource changes() {
        return connector.facet(ChangeSource.class).orElseThrow();
    }

    Checkpoint start(String stream, StartAt at) throws ConnectorException {
        return changes().start(all(stream), at);
    }

    static Query all(String stream) {
        return new Query(stream, List.of());
    }

    /** Polls until nothing more is there; adds the ids of all changes to {@code seen}. */
    Checkpoint catchUp(String stream, Checkpoint from, int batch, List<Change> seen) throws ConnectorException {
        tick();
        Checkpoint position = from;
        for (int polls = 0; polls < 10_000; polls++) {
            ChangeBatch changes = changes().poll(all(stream), position, batch);
            seen.addAll(changes.changes());
            position = changes.next();
            if (changes.caughtUp()) return position;
        }
        throw new AssertionError("never caught up");
    }

    /** Lets the clock of every database move on; SQLite's counts milliseconds. What is due again after no time is due then. */
    static void tick() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> ids(List<Change> changes) {
        return changes.stream().map(change -> change.id().id()).toList();
    }

    NativeRecord find(String stream, String id) throws ConnectorException {
        Lookup answer = connector.lookups().byId(all(stream), List.of(id)).get(id);
        assertThat(answer).isInstanceOf(Lookup.Found.class);
        return ((Lookup.Found) answer).record();
    }

    List<WriteResult> write(String stream, WriteOp... ops) throws ConnectorException {
        return connector
                .facet(Writer.class)
                .orElseThrow()
                .write(stream, List.of(ops), new WriteOptions(null, Duration.ofSeconds(20)));
    }

    WriteResult.Applied applied(String stream, WriteOp op) throws ConnectorException {
        WriteResult result = write(stream, op).get(0);
        assertThat(result).isInstanceOf(WriteResult.Applied.class);
        return (WriteResult.Applied) result;
    }

    RecordError rejected(String stream, WriteOp op) throws ConnectorException {
        return rejected(write(stream, op).get(0));
    }

    static RecordError rejected(WriteResult result) {
        assertThat(result).isInstanceOf(WriteResult.Rejected.class);
        return ((WriteResult.Rejected) result).error();
    }

    static WriteOp.Create create(String linkKey, Map<String, Object> set) {
        return new WriteOp.Create("create " + linkKey, linkKey, set);
    }

    static WriteOp.Update update(String id, Map<String, Object> set) {
        return update(id, set, Map.of(), null);
    }

    static WriteOp.Update update(String id, Map<String, Object> set, Map<String, Object> expected, String version) {
        return new WriteOp.Update("update " + id, id, set, Set.of(), expected, version);
    }

    static List<Change> list() {
        return new ArrayList<>();
    }

    @Override
    public void close() {
        connector.close();
    }

    /** What a connector is lent. */
    record Lent(Map<String, String> values) implements ConnectorContext {
        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public SecretStore secrets() {
            return new SecretStore() {
                @Override
                public String get(String name) {
                    return values.get(name);
                }

                @Override
                public void put(String name, String value) {
                    throw new IllegalStateException("this connector rotates no secrets");
                }
            };
        }

        @Override
        public RateGate gate(String bucket) {
            throw new IllegalStateException("this connector has no quota");
        }
    }
}
