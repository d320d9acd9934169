package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.StreamDef.RelationDef;
import io.kintsugi.connector.spi.WriteOp;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class PostgreSqlReadingIT {
    private final TestServer server;

    PostgreSqlReadingIT(TestServer.PostgreSql server) {
        this.server = server;
    }

    private static FieldDef field(StreamDef stream, String name) {
        return stream.fields().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStampWithoutAZoneNeedsTheZoneOfWhoeverWritesIt() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TABLE notes (id integer PRIMARY KEY, at timestamp(3))",
                "SET timezone = 'America/New_York'",
                "INSERT INTO notes VALUES (1, now())");
        Map<String, Object> settings = place.settings();
        settings.put("streams", Map.of("notes", Map.of("changed", "at", "compareEvery", "0s")));
        settings.remove("timeZone");
        try (Harness vague = new Harness(place, settings)) {
            assertThat(vague.connector.check().problems()).singleElement().satisfies(problem -> assertThat(problem)
                    .contains("timeZone")
                    .contains("notes"));
            assertThatThrownBy(() -> vague.start("notes", StartAt.NOW)).isInstanceOf(Misconfigured.class);
        }
        settings.put("timeZone", "America/New_York");
        try (Harness exact = new Harness(place, settings)) {
            assertThat(exact.connector
                            .discover()
                            .streams()
                            .get(0)
                            .can()
                            .reading()
                            .cursor()
                            .precision())
                    .isEqualTo(Duration.ofMillis(1));
            Checkpoint position = exact.start("notes", StartAt.NOW);
            place.run("SET timezone = 'America/New_York'", "INSERT INTO notes VALUES (2, now())");
            List<Change> seen = Harness.list();
            exact.catchUp("notes", position, 10, seen);
            assertThat(Harness.ids(seen)).contains("2");
        }
    }

    @Test
    void anIdThatIsNoneForTheTypeOfItsColumnIsUnknownAndTheOthersAreFound() throws Exception {
        Place place = server.fresh();
        place.run("CREATE TABLE keyed (id uuid PRIMARY KEY)", "INSERT INTO keyed VALUES (gen_random_uuid())");
        String id = place.ask("SELECT id FROM keyed");
        try (Harness harness = new Harness(place, place.settings())) {
            Map<String, Lookup> answers =
                    harness.connector.lookups().byId(Harness.all("keyed"), List.of("C-17", id, "C-18"));
            assertThat(answers.get(id)).isInstanceOf(Lookup.Found.class);
            assertThat(answers.get("C-17")).isInstanceOf(Lookup.Unknown.class);
            assertThat(answers.get("C-18")).isInstanceOf(Lookup.Unknown.class);
        }
    }

    @Test
    void everyTypeIsReadAndWrittenBackUnchanged() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TABLE all_types (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), b boolean, s smallint, l bigint,"
                        + " n numeric(12,2), d double precision, r real, c char(5), v varchar(9), t text, day date, tz timestamptz,"
                        + " ts timestamp, j jsonb, a text[], m mood, x bytea, ip inet,"
                        + " twice numeric GENERATED ALWAYS AS (n * 2) STORED)",
                "INSERT INTO all_types VALUES (DEFAULT, true, 7, 9007199254740993, 12.50, 0.1, 0.5, 'ab', 'varchar', 'text',"
                        + " '2026-03-29', '2026-03-29 03:30:00.123456+02', '2026-03-29 12:00:00', '{\"a\": 1}',"
                        + " ARRAY['x', 'y,z'], 'bad', '\\x0102', '10.0.0.1')");
        Map<String, Object> settings = new HashMap<>(place.settings());
        settings.put("timeZone", "Europe/Berlin");
        try (Harness harness = new Harness(place, settings)) {
            String id = place.ask("SELECT id FROM all_types");
            Map<String, Object> read = harness.find("all_types", id).fields();
            Map<String, Object> expected = new HashMap<>(Map.of("id", id, "b", true, "s", 7L, "l", 9007199254740993L));
            expected.put("n", new BigDecimal("12.50"));
            expected.put("d", new BigDecimal("0.1"));
            expected.put("r", new BigDecimal("0.5"));
            expected.put("c", "ab");
            expected.put("v", "varchar");
            expected.put("t", "text");
            expected.put("day", LocalDate.of(2026, 3, 29));
            expected.put("tz", Instant.parse("2026-03-29T01:30:00.123456Z"));
            expected.put("ts", Instant.parse("2026-03-29T10:00:00Z"));
            expected.put("j", "{\"a\": 1}");
            expected.put("a", List.of("x", "y,z"));
            expected.put("m", "bad");
            expected.put("x", "AQI=");
            expected.put("ip", "10.0.0.1");
            expected.put("twice", new BigDecimal("25.00"));
            assertThat(read).isEqualTo(expected);
            expected.remove("id");
            expected.remove("twice");
            harness.applied("all_types", Harness.update(id, expected, expected, null));
            assertThat(harness.find("all_types", id).fields()).isEqualTo(read);
            Map<String, Object> nothing = new HashMap<>();
            expected.keySet().forEach(name -> nothing.put(name, null));
            harness.applied("all_types", new WriteOp.Update("clear", id, Map.of(), nothing.keySet(), expected, null));
            assertThat(harness.find("all_types", id).fields()).containsAllEntriesOf(nothing);

            StreamDef stream = harness.connector.discover().streams().get(0);
            assertThat(field(stream, "m").type()).isEqualTo(FieldType.ENUM);
            assertThat(field(stream, "m").options()).containsExactly("good", "bad");
            assertThat(field(stream, "a").type()).isEqualTo(FieldType.MULTI_ENUM);
            assertThat(field(stream, "v").maxLength()).isEqualTo(9);
            assertThat(field(stream, "t").maxLength()).isNull();
            assertThat(field(stream, "twice").calculated()).isTrue();
            assertThat(field(stream, "twice").createable()).isFalse();
        }
    }

    @Test
    void compositeKeysReferencesAndViewsAreDiscoveredAndRead() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TABLE \"Order\" (id bigint PRIMARY KEY)",
                "CREATE TABLE line (order_id bigint REFERENCES \"Order\", part text, amount integer, PRIMARY KEY (order_id, part))",
                "CREATE VIEW big AS SELECT * FROM line WHERE amount > 1",
                "CREATE TABLE heap (a integer)",
                "INSERT INTO \"Order\" VALUES (1), (2)",
                "INSERT INTO line SELECT o, p, o * 2 FROM generate_series(1, 2) o, unnest(ARRAY['a|b', 'a\\', 'c']) p");
        try (Harness harness = Harness.of(place, "big", Map.of("id", List.of("order_id", "part")))) {
            Catalog catalog = harness.connector.discover();
            assertThat(catalog.streams()).extracting(StreamDef::name).containsExactly("Order", "big", "line");
            StreamDef line = catalog.streams().get(2);
            assertThat(line.relations())
                    .containsExactly(new RelationDef("order_id", "order_id", Set.of("Order"), false, true));
            assertThat(field(line, "order_id").type()).isEqualTo(FieldType.REFERENCE);
            assertThat(catalog.streams().get(1).can().ops()).isEmpty();
            assertThat(harness.find("line", "2|a\\|b").fields())
                    .containsEntry("order_id", "2")
                    .containsEntry("part", "a|b");
            for (String stream : List.of("line", "big")) {
                List<String> ids = new ArrayList<>();
                Checkpoint cursor = null;
                boolean last = false;
                while (!last) {
                    var page = harness.connector
                            .facet(SnapshotSource.class)
                            .orElseThrow()
                            .page(Harness.all(stream), cursor, 2);
                    page.records().forEach(record -> ids.add(record.id().id()));
                    cursor = page.next();
                    last = page.last();
                }
                assertThat(ids).containsExactlyInAnyOrder("1|a\\|b", "1|a\\\\", "1|c", "2|a\\|b", "2|a\\\\", "2|c");
            }
            harness.applied("line", Harness.update("1|a\\\\", Map.of("amount", 9L)));
            assertThat(place.ask("SELECT amount FROM line WHERE order_id = 1 AND part = 'a\\'"))
                    .isEqualTo("9");
        }
    }
}
