package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(Servers.class)
final class MariaDbReadingIT {
    private final TestServer server;

    MariaDbReadingIT(TestServer.MariaDb server) {
        this.server = server;
    }

    @Test
    void everyTypeIsReadAndWrittenBackUnchanged() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TABLE all_types (id bigint AUTO_INCREMENT PRIMARY KEY, b boolean, s smallint, u bigint unsigned,"
                        + " n decimal(12,2), d double, f float, c char(5), v varchar(9), t text, day date,"
                        + " tz timestamp(6) NULL, ts datetime(6), y year, m enum('good','bad'), ms set('x','y'), x varbinary(9),"
                        + " twice decimal(12,2) AS (n * 2) STORED)",
                "SET time_zone = '+00:00'",
                "INSERT INTO all_types VALUES (DEFAULT, true, 7, 18446744073709551615, 12.50, 0.1, 0.5, 'ab', 'varchar', 'text',"
                        + " '2026-03-29', '2026-03-29 01:30:00.123456', '2026-03-29 12:00:00.5', 2026, 'bad', 'x,y', x'0102',"
                        + " DEFAULT)");
        Map<String, Object> settings = new HashMap<>(place.settings());
        settings.put("timeZone", "Europe/Berlin");
        try (Harness harness = new Harness(place, settings)) {
            Map<String, Object> read = harness.find("all_types", "1").fields();
            Map<String, Object> expected = new HashMap<>(Map.of("id", 1L, "b", true, "s", 7L));
            expected.put("u", new BigDecimal("18446744073709551615"));
            expected.put("n", new BigDecimal("12.50"));
            expected.put("d", new BigDecimal("0.1"));
            expected.put("f", new BigDecimal("0.5"));
            expected.put("c", "ab");
            expected.put("v", "varchar");
            expected.put("t", "text");
            expected.put("day", LocalDate.of(2026, 3, 29));
            expected.put("tz", Instant.parse("2026-03-29T01:30:00.123456Z"));
            expected.put("ts", Instant.parse("2026-03-29T10:00:00.5Z"));
            expected.put("y", 2026L);
            expected.put("m", "bad");
            expected.put("ms", List.of("x", "y"));
            expected.put("x", "AQI=");
            expected.put("twice", new BigDecimal("25.00"));
            assertThat(new TreeMap<>(read)).isEqualTo(new TreeMap<>(expected));
            expected.remove("id");
            expected.remove("twice");
            harness.applied("all_types", Harness.update("1", expected, expected, null));
            assertThat(harness.find("all_types", "1").fields()).isEqualTo(read);
            assertThat(harness.connector.discover().streams().get(0).fields())
                    .filteredOn(field -> field.type() == FieldType.ENUM || field.type() == FieldType.MULTI_ENUM)
                    .extracting(field -> field.name() + field.options())
                    .containsExactly("m[good, bad]", "ms[x, y]");
        }
    }

    @ParameterizedTest
    @CsvSource({"datetime, PT1S", "datetime(3), PT0.001S", "timestamp(6), PT0.000001S"})
    void theDigitsOfAStampAreDeclared(String type, Duration precision) throws Exception {
        Place place = server.fresh();
        place.run("CREATE TABLE notes (id integer PRIMARY KEY, at " + type + " NULL)");
        try (Harness harness = Harness.of(place, "notes", Map.of("changed", "at"))) {
            assertThat(harness.connector
                            .discover()
                            .streams()
                            .get(0)
                            .can()
                            .reading()
                            .cursor()
                            .precision())
                    .isEqualTo(precision);
        }
    }

    @Test
    void aDateOfZeroesIsEmpty() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TABLE old (id integer PRIMARY KEY, day date, ts datetime)",
                "SET sql_mode = ''",
                "INSERT INTO old VALUES (1, '0000-00-00', '0000-00-00 00:00:00')");
        try (Harness harness = new Harness(place, place.settings())) {
            assertThat(harness.find("old", "1").fields())
                    .containsEntry("day", null)
                    .containsEntry("ts", null);
        }
    }

    @Test
    void idsThatDifferInCapitalsOnlyAreOneWhereTheCollationSaysSo() throws Exception {
        Place place = server.fresh();
        place.run(
                "CREATE TABLE codes (code varchar(10) PRIMARY KEY) COLLATE utf8mb4_general_ci",
                "INSERT INTO codes VALUES ('Ab')");
        try (Harness harness = new Harness(place, place.settings())) {
            assertThat(harness.connector.discover().streams().get(0).ids().caseSensitive())
                    .isFalse();
            assertThat(harness.find("codes", "aB").id().id()).isEqualTo("Ab");
        }
    }
}
