package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.inbound.Inbound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a real file that cannot be read, and what becomes of the questions about them. */
@DisplayName("SYN-7: a question about a row")
class ParkedRowsTest {
    private static final String HEADER = "id,first,last,email,phone,city,born,hub_key\n";
    private static final String ANN = "1,Ann,Arbor,ann@x.example,,Oslo,,\n";
    private static final String BEN = "2,Ben,Bold,ben@x.example,,Oslo,,\n";
    private static final String BROKEN = "2,Ben,Bold\n";

    @TempDir
    Path folder;

    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm");
    private Connector connector;
    private Inbound inbound;

    @BeforeEach
    void connect() throws Exception {
        var settings = Map.<String, Object>of("folder", folder.toString(), "quietSeconds", 0, "maxShrinkPercent", 100);
        var config = new SystemConfig("crm", null, "file", settings, Duration.ofSeconds(1), List.of());
        connector = new Connectors(Clock.systemUTC(), folder.resolve("state")).open(config);
        restart();
    }

    @AfterEach
    void close() {
        connector.close();
    }

    private void restart() {
        var all = hub.model.get().systems().get(0).streams().get(0);
        var fields = all.fields().stream().map(ParkedRowsTest::strict).toList();
        var mapping = new StreamMapping("people", "contact", fields, false, false, null);
        inbound = new Inbound(hub.store, hub.model, hub.clock, "crm", mapping, connector, () -> null);
    }

    private static FieldMapping strict(FieldMapping field) {
        return field.field().equals("phone") ? new FieldMapping("phone", "phone", List.of("number"), false) : field;
    }

    private void file(String... rows) throws Exception {
        file(1000, rows);
    }

    private void file(int batch, String... rows) throws Exception {
        hub.clock.advance(Duration.ofMinutes(1));
        Files.writeString(folder.resolve("people.csv"), HEADER + String.join("", rows));
        read(batch);
    }

    private void read(int batch) throws Exception {
        inbound.next(batch);
        while (!inbound.next(batch).caughtUp()) {
            // until all is read
        }
    }

    private List<Review> rows(ReviewState state) {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(Kind.UNMAPPABLE, state, null, null, null, "openedAt"), null, 10))
                .items();
    }

    private List<String> open() {
        return rows(ReviewState.OPEN).stream().map(Review::reason).toList();
    }

    @Test
    @DisplayName("closes when the record comes in whole, wherever its row stands")
    void closesWhenTheRecordIsWhole() throws Exception {
        file(ANN, BROKEN);
        assertThat(open()).singleElement().asString().contains("people.csv line 3");
        file(BEN, ANN);
        assertThat(open()).isEmpty();
        assertThat(rows(ReviewState.OBSOLETE)).hasSize(1);
    }

    @Test
    @DisplayName("is found by its system, also if the row does not say its id")
    void isFoundByItsSystem() throws Exception {
        file(ANN, BROKEN, ",Nobody,Known,,,,,\n");
        var ofCrm = new Reviews.Filter(Kind.UNMAPPABLE, ReviewState.OPEN, null, "crm", null, "openedAt");
        assertThat(hub.store.read(tx -> tx.reviews().list(ofCrm, null, 10)).items())
                .flatExtracting(Review::records)
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("crm:contact:2", "crm:contact:people.csv line 4");
        var ofErp = new Reviews.Filter(Kind.UNMAPPABLE, ReviewState.OPEN, null, "erp", null, "openedAt");
        assertThat(hub.store.read(tx -> tx.reviews().list(ofErp, null, 10)).items())
                .isEmpty();
    }

    @Test
    @DisplayName("stays one question when the row moves to another line")
    void staysOneWhenTheRowMoves() throws Exception {
        file(ANN, BROKEN);
        var before = rows(ReviewState.OPEN).get(0);
        file(BROKEN, ANN);
        assertThat(rows(ReviewState.OPEN)).singleElement().satisfies(review -> {
            assertThat(review.id()).isEqualTo(before.id());
            assertThat(review.openedAt()).isEqualTo(before.openedAt());
            assertThat(review.reason()).contains("line 2");
        });
        assertThat(rows(ReviewState.OBSOLETE)).isEmpty();
    }

    @Test
    @DisplayName("closes when the row is gone, though it never said whose it was")
    void closesWhenTheRowIsGone() throws Exception {
        file(ANN, ",Nobody,Known,,,,,\n", BEN);
        assertThat(open()).singleElement().asString().contains("line 3");
        file(ANN, BEN);
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName("closes when the broken row of a record that was never read is gone")
    void closesWhenABrokenRecordIsGone() throws Exception {
        file(ANN, BROKEN);
        file(ANN);
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName("stays while the row is reported, in small batches, after a restart and beside a twin")
    void staysWhileItIsReported() throws Exception {
        file(1, ANN, BROKEN, ",Nobody,,,,,,\n", BEN);
        assertThat(open()).hasSize(2);
        file(1, ANN.replace("Oslo", "Bergen"), BROKEN, ",Nobody,,,,,,\n", BEN.replace("Oslo", "Bergen"));
        assertThat(open()).hasSize(2);
        restart();
        file(1, ANN, BROKEN, ",Nobody,,,,,,\n", BEN);
        assertThat(open()).hasSize(2);
        file(1, ANN, BEN);
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName("of an id that is there twice is about the second row and closes with it")
    void anIdThatIsThereTwice() throws Exception {
        file(ANN, BEN, ANN);
        assertThat(open()).singleElement().asString().contains("line 4");
        file(ANN.replace("Oslo", "Bergen"), BEN, ANN);
        assertThat(open()).hasSize(1);
        file(ANN, BEN);
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName("about a table that shrank closes when its rows are there again, though none of them changed")
    void aTableThatIsWholeAgain() throws Exception {
        var url = "jdbc:sqlite:" + folder.resolve("crm.db");
        try (var database = DriverManager.getConnection(url);
                var statement = database.createStatement()) {
            statement.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, first TEXT, last TEXT, email TEXT,"
                    + " phone TEXT, city TEXT, born TEXT, hub_key TEXT)");
            for (int i = 1; i < 10; i++)
                statement.execute("INSERT INTO people (id, first, last) VALUES (%d, 'A%d', 'Lee')".formatted(i, i));
            connector.close();
            var config = new SystemConfig("crm", null, "jdbc", Map.of("url", url), Duration.ofSeconds(1), List.of());
            connector = new Connectors(Clock.systemUTC(), folder.resolve("state")).open(config);
            restart();
            read(1000);
            statement.execute("CREATE TABLE kept AS SELECT * FROM people");
            statement.execute("DELETE FROM people");
            read(1000);
            assertThat(open()).singleElement().asString().contains("crm people table people: 9 of 9 rows are gone");
            read(1000);
            assertThat(open()).hasSize(1);
            statement.execute("INSERT INTO people SELECT * FROM kept");
            read(1000);
            assertThat(open()).isEmpty();
        }
    }

    @Test
    @DisplayName("that the hub could not map stays while the row is the same, and closes when it is mended")
    void whatCannotBeMappedStays() throws Exception {
        file(ANN, BEN.replace(",,Oslo", ",none,Oslo"));
        var before = open();
        assertThat(before).singleElement().asString().contains("phone");
        file(ANN.replace("Oslo", "Bergen"), BEN.replace(",,Oslo", ",none,Oslo"));
        assertThat(open()).isEqualTo(before);
        file(ANN, BEN);
        assertThat(open()).isEmpty();
    }
}
