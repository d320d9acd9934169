package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing to a server: wires break, others hold locks, accounts lack rights. */
abstract class ServerWriting extends Writing {
    private final TestServer server;

    ServerWriting(TestServer server) {
        this.server = server;
    }

    @Override
    final TestServer server() {
        return server;
    }

    private Harness through(Wire wire) throws Exception {
        Map<String, Object> settings = place.settings(wire);
        settings.put("streams", Map.of("people", Map.of("linkKey", "ref")));
        return new Harness(place, settings);
    }

    /** The hub cannot tell whether the commit arrived; the link key finds out. */
    @ParameterizedTest(name = "the commit arrives: {0}")
    @ValueSource(booleans = {true, false})
    void aWireThatBreaksInTheCommitLeavesTheOutcomeUnclear(boolean arrives) throws Exception {
        try (Wire wire = new Wire(server.port());
                Harness broken = through(wire)) {
            broken.connector.check();
            wire.cutAt(server.commit(), arrives);
            List<WriteResult> results = broken.write(
                    "people",
                    Harness.create("k1", Map.of("email", "a@example.org")),
                    Harness.create("k2", Map.of("name", "no mail")));
            assertThat(results.get(0)).isInstanceOf(WriteResult.Ambiguous.class);
            assertThat(Harness.rejected(results.get(1)).code()).isEqualTo(Code.REQUIRED_MISSING);
            List<NativeRecord> found = broken.connector
                    .lookups()
                    .byKey(Harness.all("people"), "ref", List.of("k1"))
                    .get("k1");
            assertThat(found).hasSize(arrives ? 1 : 0);
        }
    }

    @Test
    void aWireThatBreaksBeforeTheCommitMeansNothingWasDone() throws Exception {
        try (Wire wire = new Wire(server.port());
                Harness broken = through(wire)) {
            broken.connector.check();
            wire.cutAt("INSERT INTO", true);
            assertThatThrownBy(() -> broken.write("people", Harness.create("k1", Map.of("email", "a@example.org"))))
                    .isInstanceOf(ConnectorException.Transient.class)
                    .hasMessageContaining("shop");
            assertThat(place.ask("SELECT count(*) FROM people")).isEqualTo("0");
        }
    }

    @Test
    void aRowThatAnotherTransactionHoldsIsLockedAndMayBeTriedAgain() throws Exception {
        WriteResult.Applied created = harness.applied("people", Harness.create("k1", Map.of("email", "a@example.org")));
        try (Connection other = place.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("UPDATE people SET name = 'held'");
            List<WriteResult> results = harness.connector
                    .facet(Writer.class)
                    .orElseThrow()
                    .write(
                            "people",
                            List.of(Harness.update(created.id(), Map.of("name", "x"))),
                            new Writer.WriteOptions(null, Duration.ofSeconds(1)));
            RecordError error = Harness.rejected(results.get(0));
            assertThat(error.code()).isEqualTo(Code.LOCKED);
            assertThat(error.retryable()).isTrue();
            other.rollback();
        }
        harness.applied("people", Harness.update(created.id(), Map.of("name", "x")));
    }

    /** SQL of an expression that takes half a minute. */
    abstract String halfAMinute();

    private static Duration time(ThrowingCallable call) {
        long before = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(ConnectorException.Transient.class);
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void aStatementThatOutlastsTheDeadlineIsGivenUpAndDoesNothing() throws Exception {
        slowInserts();
        Writer writer = harness.connector.facet(Writer.class).orElseThrow();
        List<WriteOp> ops = List.of(Harness.create("k1", Map.of("email", "a@example.org")));
        Writer.WriteOptions second = new Writer.WriteOptions(null, Duration.ofSeconds(1));
        assertThat(time(() -> writer.write("people", ops, second))).isLessThan(Duration.ofSeconds(15));
        assertThat(place.ask("SELECT count(*) FROM people")).isEqualTo("0");
    }

    /** Adds a trigger that makes inserts into {@code people} take half a minute. */
    abstract void slowInserts() throws Exception;

    @Test
    void aReadThatIsNotAnsweredIsGivenUp() throws Exception {
        place.run("CREATE VIEW slow AS SELECT id, " + halfAMinute() + " AS waited FROM people");
        harness.applied("people", Harness.create("k1", Map.of("email", "a@example.org")));
        Map<String, Object> settings = place.settings();
        settings.put("readTimeout", "1s");
        settings.put("streams", Map.of("slow", Map.of("id", "id")));
        try (Harness impatient = new Harness(place, settings)) {
            assertThat(time(() -> impatient.connector.lookups().byId(Harness.all("slow"), List.of("1"))))
                    .isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void credentialsThatAreNotAcceptedAreSaidWithoutThem() throws Exception {
        Map<String, Object> settings = new HashMap<>(place.settings());
        settings.put("user", "nobody_there");
        settings.put("password", "hunter2");
        settings.put("connectTimeout", "1s");
        try (Harness wrong = new Harness(place, settings)) {
            assertThatThrownBy(() -> wrong.connector.check())
                    .isInstanceOf(ConnectorException.AuthFailed.class)
                    .hasMessageContaining("user and password")
                    .message()
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void aDatabaseThatIsDownIsTransientWithinSeconds() throws Exception {
        Map<String, Object> settings;
        try (Wire wire = new Wire(server.port())) {
            settings = place.settings(wire);
        }
        settings.put("connectTimeout", "500ms");
        settings.put("password", "hunter2");
        try (Harness down = new Harness(place, settings)) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> down.connector.check())
                    .isInstanceOf(ConnectorException.Transient.class)
                    .hasMessageContaining("does not answer")
                    .message()
                    .doesNotContain("hunter2");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aDroppedTableOrColumnIsDriftAndIsNoticedWhenItComesBack() throws Exception {
        WriteResult.Applied created = harness.applied("people", Harness.create("k1", Map.of("email", "a@example.org")));
        place.run("ALTER TABLE people DROP COLUMN age");
        assertThatThrownBy(() -> harness.find("people", created.id()))
                .isInstanceOf(ConnectorException.SchemaDrift.class);
        assertThat(harness.find("people", created.id()).fields()).doesNotContainKey("age");
    }
}
