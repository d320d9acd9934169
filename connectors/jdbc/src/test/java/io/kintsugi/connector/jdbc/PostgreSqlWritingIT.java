package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class PostgreSqlWritingIT extends ServerWriting {
    PostgreSqlWritingIT(TestServer.PostgreSql server) {
        super(server);
    }

    @Override
    List<String> normalisingTrigger() {
        return List.of(
                "CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN NEW.email = lower(trim(NEW.email)); RETURN NEW; END $$",
                "CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION tidy()");
    }

    @Override
    String halfAMinute() {
        return "pg_sleep(30)::text";
    }

    @Override
    void slowInserts() throws Exception {
        place.run(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$",
                "CREATE TRIGGER slow BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION slow()");
    }

    @Test
    void aRuleThatIsCheckedAtTheCommitIsAnsweredForTheRowAtFault() throws Exception {
        place.run("ALTER TABLE people ALTER CONSTRAINT people_team DEFERRABLE INITIALLY DEFERRED");
        List<WriteResult> results = harness.write(
                "people",
                Harness.create("k1", Map.of("email", "1@example.org", "team", "red")),
                Harness.create("k2", Map.of("email", "2@example.org", "team", "none")));
        assertThat(results.get(0)).isInstanceOf(WriteResult.Applied.class);
        assertThat(Harness.rejected(results.get(1)).code()).isEqualTo(Code.BAD_REFERENCE);
    }

    @Test
    void aTriggerThatRefusesIsQuoted() throws Exception {
        place.run(
                "CREATE FUNCTION strict() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'credit limit is not approved'; END $$",
                "CREATE TRIGGER strict BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION strict()");
        RecordError error = harness.rejected("people", Harness.create("k1", Map.of("email", "1@example.org")));
        assertThat(error.code()).isEqualTo(Code.VALIDATION);
        assertThat(error.message()).contains("credit limit is not approved");
    }

    @Test
    void aTextThatIsTooLongOrNoOptionNamesItsField() throws Exception {
        place.run("CREATE TYPE mood AS ENUM ('good', 'bad')", "ALTER TABLE people ADD COLUMN mood mood");
        harness.connector.discover();
        RecordError length = harness.rejected(
                "people", Harness.create("k1", Map.of("email", "1@example.org", "name", "longer than ten")));
        assertThat(length.code()).isEqualTo(Code.VALIDATION);
        assertThat(length.field()).isEqualTo("name");
        RecordError option =
                harness.rejected("people", Harness.create("k1", Map.of("email", "1@example.org", "mood", "mixed")));
        assertThat(option.code()).isEqualTo(Code.BAD_OPTION);
        assertThat(option.field()).isEqualTo("mood");
    }
}
