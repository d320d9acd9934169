package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Servers.class)
final class PostgreSqlLateCommitsIT extends LateCommits {
    PostgreSqlLateCommitsIT(TestServer.PostgreSql server) {
        super(server);
    }

    @Override
    Duration overlap() {
        return Duration.ofMillis(1);
    }

    @Override
    String pause(double seconds) {
        return "pg_sleep(" + seconds + ")";
    }

    @Test
    void aTransactionThatOnlyReadForLongBeforeItWroteIsNotLost() throws Exception {
        Place place = place();
        try (Harness harness = harness(place);
                Connection slow = place.connect()) {
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            slow.setAutoCommit(false);
            slow.createStatement().execute("SELECT 1"); // now() stands still from here on
            for (int i = 0; i < 3; i++) {
                later(place);
                position = harness.catchUp("orders", position, 10, seen);
            }
            insert(slow, "slow");
            slow.commit();
            harness.catchUp("orders", position, 10, seen);
            assertThat(notes(seen)).containsExactly("slow");
        }
    }

    @Test
    void anAccountThatSeesNothingOfOthersStillLosesNothing() throws Exception {
        Place place = place();
        String schema = place.schema();
        place.run(
                "CREATE ROLE reader_" + schema + " LOGIN PASSWORD 'r'",
                "GRANT USAGE ON SCHEMA " + schema + " TO reader_" + schema,
                "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO reader_" + schema);
        Place asReader = new Place(server, place.url(), "reader_" + schema, "r", schema);
        try (Harness harness = harness(asReader);
                Connection slow = place.connect()) {
            assertThat(harness.connector.check().facts().get("lateCommits")).contains("pg_read_all_stats");
            Checkpoint position = harness.start("orders", StartAt.NOW);
            List<Change> seen = Harness.list();
            slow.setAutoCommit(false);
            insert(slow, "slow");
            for (int i = 0; i < 3; i++) {
                later(place);
                position = harness.catchUp("orders", position, 10, seen);
            }
            slow.commit();
            harness.catchUp("orders", position, 10, seen);
            assertThat(notes(seen)).containsExactly("slow");
        }
    }
}
