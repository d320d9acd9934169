package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SYN-6 where transactions run side by side: rows that become visible after younger ones are not lost, whatever the overlap. */
@Tag("SYN-6")
abstract class LateCommits {
    final TestServer server;

    LateCommits(TestServer server) {
        this.server = server;
    }

    final Place place() throws Exception {
        Place place = server.fresh();
        place.run("CREATE TABLE orders (id " + server.serial() + ", note varchar(50), updated_at " + server.stampType()
                + ")");
        return place;
    }

    /** Too short to help, but longer than it takes from the time of a statement to the begin of its transaction. */
    abstract Duration overlap();

    /** SQL that takes a number of seconds. */
    abstract String pause(double seconds);

    final Harness harness(Place place) throws Exception {
        Map<String, Object> settings = new HashMap<>(place.settings());
        settings.put("overlap", overlap().toString());
        settings.put("compareEvery", "0s"); // or a comparison would find them
        settings.put("streams", Map.of("orders", Map.of("changed", "updated_at")));
        return new Harness(place, settings);
    }

    final void insert(Connection connection, String note) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (note, updated_at) VALUES ('" + note + "', " + server.now() + ")");
        }
    }

    /** Much longer than the overlap, by the database's clock. */
    final void later(Place place) throws Exception {
        place.ask("SELECT " + pause(overlap().multipliedBy(2).toMillis() / 1000.0 + 0.02));
    }

    static List<String> notes(List<Change> changes) {
        return changes.stream()
                .map(change ->
                        (String) ((Change.Upserted) change).record().fields().get("note"))
                .toList();
    }

    @Test
    void aTransactionThatCommitsAfterLaterOnesIsNotLostThoughANaiveCursorLosesIt() throws Exception {
        Place place = place();
        try (Harness harness = harness(place);
                Connection slow = place.connect()) {
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            slow.setAutoCommit(false);
            insert(slow, "slow");
            later(place);
            place.run("INSERT INTO orders (note, updated_at) VALUES ('quick', " + server.now() + ")");
            position = harness.catchUp("orders", position, 10, seen);
            String naive = place.ask("SELECT max(updated_at) FROM orders");
            later(place);
            slow.commit();
            later(place);
            harness.catchUp("orders", position, 10, seen);

            assertThat(notes(seen)).containsOnly("quick", "slow");
            assertThat(place.ask("SELECT count(*) FROM orders WHERE updated_at > '" + naive + "'"))
                    .as("what a cursor on the largest stamp would still read")
                    .isEqualTo("0");
        }
    }

    @Test
    void transactionsThatEndInAnyOrderAreAllFound() throws Exception {
        Place place = place();
        try (Harness harness = harness(place);
                Connection one = place.connect();
                Connection two = place.connect()) {
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            one.setAutoCommit(false);
            insert(one, "one");
            later(place);
            two.setAutoCommit(false);
            insert(two, "two");
            later(place);
            position = harness.catchUp("orders", position, 10, seen);
            two.commit();
            later(place);
            position = harness.catchUp("orders", position, 10, seen);
            assertThat(notes(seen)).as("the older one still runs").containsExactly("two");
            later(place);
            position = harness.catchUp("orders", position, 10, seen);
            one.commit();
            later(place);
            harness.catchUp("orders", position, 10, seen);
            assertThat(notes(seen)).contains("one");
        }
    }

    @Test
    void aTransactionThatWasRunningBeforeTheStartIsNotLost() throws Exception {
        Place place = place();
        try (Harness harness = harness(place);
                Connection slow = place.connect()) {
            slow.setAutoCommit(false);
            insert(slow, "slow");
            later(place);
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            later(place);
            position = harness.catchUp("orders", position, 10, seen);
            slow.commit();
            later(place);
            harness.catchUp("orders", position, 10, seen);
            assertThat(notes(seen)).containsExactly("slow");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void manyWritersSideBySideLoseNothing(long seed) throws Exception {
        Place place = place();
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try (Harness harness = harness(place)) {
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            List<String> written = Collections.synchronizedList(new ArrayList<>());
            List<Future<Void>> running = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                Random random = new Random(seed * 31 + writer);
                int number = writer;
                Callable<Void> work = () -> {
                    try (Connection connection = place.connect()) {
                        connection.setAutoCommit(false);
                        for (int i = 0; i < 15; i++) {
                            String note = number + "-" + i;
                            insert(connection, note);
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("SELECT " + pause(random.nextInt(30) / 1000.0));
                            }
                            if (random.nextInt(5) == 0) {
                                connection.rollback();
                            } else {
                                connection.commit();
                                written.add(note);
                            }
                        }
                    }
                    return null;
                };
                running.add(writers.submit(work));
            }
            while (!running.stream().allMatch(Future::isDone)) position = harness.catchUp("orders", position, 3, seen);
            for (Future<Void> writer : running) writer.get();
            later(place);
            harness.catchUp("orders", position, 3, seen);
            assertThat(notes(seen)).containsAll(written);
            assertThat(List.copyOf(new TreeSet<>(notes(seen))))
                    .as("nothing that was rolled back")
                    .containsExactlyElementsOf(new TreeSet<>(written));
        } finally {
            writers.shutdownNow();
        }
    }
}
