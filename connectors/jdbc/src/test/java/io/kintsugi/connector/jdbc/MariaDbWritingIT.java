package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class MariaDbWritingIT extends ServerWriting {
    MariaDbWritingIT(TestServer.MariaDb server) {
        super(server);
    }

    @Override
    List<String> normalisingTrigger() {
        return List.of(
                "CREATE TRIGGER tidy BEFORE INSERT ON people FOR EACH ROW SET NEW.email = lower(trim(NEW.email))",
                "CREATE TRIGGER tidy_again BEFORE UPDATE ON people FOR EACH ROW SET NEW.email = lower(trim(NEW.email))");
    }

    @Override
    String halfAMinute() {
        return "sleep(30)";
    }

    @Override
    void slowInserts() throws Exception {
        place.run("CREATE TRIGGER slow AFTER INSERT ON people FOR EACH ROW SET @slept = sleep(30)");
    }

    /** As on MySQL, whose INSERT returns nothing. */
    @Test
    void anIdIsKnownWithoutInsertReturningWhetherCountedUpOrGiven() throws Exception {
        JdbcSettings settings = JdbcSettings.parse(place.settings());
        MySqlDialect mysql = new MySqlDialect(settings.zoneOrUtc()) {
            @Override
            boolean insertReturns(Connection connection) {
                return false;
            }
        };
        place.run("CREATE TABLE plan (team varchar(10), person bigint, note varchar(10), PRIMARY KEY (team, person))");
        Database database = new Database(
                "shop", JdbcUrl.parse(settings.url()), mysql, settings, new Harness.Lent(Map.of()).secrets());
        try (Connector connector = new JdbcConnector("shop", database, settings, Clock.systemUTC())) {
            Writer writer = connector.facet(Writer.class).orElseThrow();
            Writer.WriteOptions options = new Writer.WriteOptions(null, Duration.ofSeconds(20));
            List<WriteOp> people = List.of(
                    Harness.create("1", Map.of("email", "a@example.org")),
                    Harness.create("2", Map.of("email", "b@example.org")));
            assertThat(writer.write("people", people, options))
                    .extracting(result -> ((WriteResult.Applied) result).id())
                    .containsExactly("1", "2");
            List<WriteOp> plan = List.of(Harness.create(null, Map.of("team", "red", "person", 7L, "note", "x")));
            assertThat(writer.write("plan", plan, options)).singleElement().satisfies(result -> assertThat(
                            ((WriteResult.Applied) result).record().fields())
                    .containsEntry("note", "x"));
        }
    }

    @Test
    void aTextThatIsTooLongOrNoOptionNamesItsField() throws Exception {
        place.run("ALTER TABLE people ADD COLUMN mood enum('good', 'it''s bad')");
        harness.connector.discover();
        RecordError length = harness.rejected(
                "people", Harness.create("k1", Map.of("email", "1@example.org", "name", "longer than ten")));
        assertThat(length.code()).isEqualTo(Code.VALIDATION);
        assertThat(length.field()).isEqualTo("name");
        RecordError option =
                harness.rejected("people", Harness.create("k1", Map.of("email", "1@example.org", "mood", "mixed")));
        assertThat(option.code()).isEqualTo(Code.BAD_OPTION);
        assertThat(option.field()).isEqualTo("mood");
        harness.applied("people", Harness.create("k1", Map.of("email", "1@example.org", "mood", "it's bad")));
    }
}
