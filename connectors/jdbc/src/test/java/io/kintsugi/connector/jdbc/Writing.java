package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.WriteResult.Applied;
import io.kintsugi.connector.spi.WriteResult.Rejected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a database does to a write, and what the hub is told about it. */
abstract class Writing {
    Place place;
    Harness harness;

    abstract TestServer server() throws Exception;

    /** SQL for a trigger that trims and lowers the e-mail of what is written to {@code people}. */
    abstract List<String> normalisingTrigger();

    @BeforeEach
    void open() throws Exception {
        place = server().fresh();
        place.run(
                "CREATE TABLE teams (code varchar(10) PRIMARY KEY)",
                "INSERT INTO teams VALUES ('red'), ('blue')",
                "CREATE TABLE people (id " + server().serial()
                        + ", email varchar(40) NOT NULL UNIQUE, name varchar(10),"
                        + " age integer CHECK (age > 0), team varchar(10), ref varchar(50) UNIQUE, revision integer DEFAULT 1,"
                        + " CONSTRAINT people_team FOREIGN KEY (team) REFERENCES teams (code))");
        for (String sql : normalisingTrigger()) place.run(sql);
        harness = Harness.of(place, "people", Map.of("linkKey", "ref", "version", "revision"));
    }

    @AfterEach
    void close() {
        if (harness != null) harness.close();
    }

    private Applied person(String key, String email) throws Exception {
        return harness.applied("people", Harness.create(key, Map.of("email", email, "name", "Ann")));
    }

    private RecordError refused(Map<String, Object> set) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("email", "new@example.org"));
        all.putAll(set);
        return harness.rejected("people", Harness.create("refused", all));
    }

    @Test
    void aNormalisingTriggerIsSeenInTheAnswer() throws Exception {
        Applied created = person("k1", " Ann@Example.ORG ");
        assertThat(created.record().fields()).containsEntry("email", "ann@example.org");
        Applied updated = harness.applied("people", Harness.update(created.id(), Map.of("email", "BOB@example.org")));
        assertThat(updated.record().fields()).containsEntry("email", "bob@example.org");
        assertThat(updated.record()).isEqualTo(harness.find("people", created.id()));
    }

    @Test
    void aCreateWithTheKeyOfAnIntentThatWasDoneNamesTheRecordItMade() throws Exception {
        Applied first = person("k1", "a@example.org");
        Applied second = person("k2", "b@example.org");
        RecordError again = harness.rejected("people", Harness.create("k1", Map.of("email", "b@example.org")));
        assertThat(again.code()).isEqualTo(Code.DUPLICATE);
        assertThat(again.existingIds()).containsExactly(first.id(), second.id());
    }

    @Test
    void anUpdateIntoTheUniqueValueOfAnotherNamesThatOne() throws Exception {
        Applied first = person("k1", "a@example.org");
        Applied second = person("k2", "b@example.org");
        RecordError error = harness.rejected("people", Harness.update(second.id(), Map.of("email", "a@example.org")));
        assertThat(error.code()).isEqualTo(Code.DUPLICATE);
        assertThat(error.field()).isEqualTo("email");
        assertThat(error.existingIds()).containsExactly(first.id());
    }

    @Test
    void refusalsHaveTheirCodeAndFieldAndQuoteNoData() throws Exception {
        RecordError missing = harness.rejected("people", Harness.create("k", Map.of("name", "Secret")));
        assertThat(missing.code()).isEqualTo(Code.REQUIRED_MISSING);
        assertThat(missing.field()).isEqualTo("email");
        RecordError reference = refused(Map.of("team", "secret"));
        assertThat(reference.code()).isEqualTo(Code.BAD_REFERENCE);
        assertThat(reference.field()).isEqualTo("team");
        RecordError type = refused(Map.of("age", "secret"));
        assertThat(type.code()).isEqualTo(Code.VALIDATION);
        assertThat(type.field()).isEqualTo("age");
        RecordError check = refused(Map.of("age", -5L));
        assertThat(check.code()).isEqualTo(Code.VALIDATION);
        for (RecordError error : List.of(missing, reference, type, check)) {
            assertThat(error.message())
                    .doesNotContain("ecret")
                    .doesNotContain("example.org")
                    .contains("people");
            assertThat(error.retryable()).isFalse();
        }
        assertThat(place.ask("SELECT count(*) FROM people")).isEqualTo("0");
    }

    @Test
    void aRowOthersReferToStays() throws Exception {
        harness.applied("people", Harness.create("k1", Map.of("email", "a@example.org", "team", "red")));
        RecordError error = harness.rejected("teams", new WriteOp.Delete("op", "red", Map.of(), null));
        assertThat(error.code()).isEqualTo(Code.DEPENDENTS_EXIST);
        assertThat(harness.applied("teams", new WriteOp.Delete("op", "blue", Map.of(), null))
                        .created())
                .isFalse();
    }

    @Test
    void oneBadRowOfAnyKindLeavesTheOthersOfItsBatchAlone() throws Exception {
        List<WriteResult> results = harness.write(
                "people",
                Harness.create("k1", Map.of("email", "1@example.org")),
                Harness.create("k2", Map.of("email", "1@example.org")),
                Harness.create("k3", Map.of("name", "nobody")),
                Harness.create("k4", Map.of("email", "4@example.org", "team", "none")),
                Harness.update("77", Map.of("name", "x")),
                Harness.create("k5", Map.of("email", "5@example.org")));
        assertThat(results.stream().map(Object::getClass).toList())
                .isEqualTo(List.of(
                        Applied.class, Rejected.class, Rejected.class, Rejected.class, Rejected.class, Applied.class));
        assertThat(place.ask("SELECT count(*) FROM people")).isEqualTo("2");
    }

    @Test
    void aVersionThatMovedOnIsAConflictAndAWriteMovesItOn() throws Exception {
        Applied created = person("k1", "a@example.org");
        assertThat(created.version()).isEqualTo("1");
        Applied updated = harness.applied(
                "people", Harness.update(created.id(), Map.of("name", "Bea"), Map.of(), created.version()));
        assertThat(updated.version()).isEqualTo("2");
        RecordError stale = harness.rejected(
                "people", Harness.update(created.id(), Map.of("name", "Cleo"), Map.of(), created.version()));
        assertThat(stale.code()).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(harness.find("people", created.id()).fields()).containsEntry("name", "Bea");
        assertThat(harness.rejected("people", new WriteOp.Delete("op", created.id(), Map.of(), "1"))
                        .code())
                .isEqualTo(Code.VERSION_CONFLICT);
    }

    /** As with a stamp of whole seconds: read, edited by a user and written by the hub within one of them. */
    @Test
    void anEditThatLeavesTheVersionAsItWasIsAConflictToo() throws Exception {
        Applied created = person("k1", "a@example.org");
        place.run("UPDATE people SET name = 'Bob'");
        RecordError error = harness.rejected(
                "people",
                Harness.update(created.id(), Map.of("name", "Bea"), Map.of("name", "Ann"), created.version()));
        assertThat(error.code()).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(error.field()).isEqualTo("name");
        assertThat(harness.find("people", created.id()).fields()).containsEntry("name", "Bob");
    }

    /** A collation that takes capitals for small letters must not hide an edit. */
    @Test
    void withoutAVersionAnEditOfCapitalsIsAConflictToo() throws Exception {
        Applied created = person("k1", "a@example.org");
        place.run("UPDATE people SET name = 'ANN'");
        RecordError error = harness.rejected(
                "people", Harness.update(created.id(), Map.of("name", "Bea"), Map.of("name", "Ann"), null));
        assertThat(error.code()).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(error.field()).isEqualTo("name");
    }

    @Test
    void writingBackWhatWasReadChangesNothing() throws Exception {
        Applied created = harness.applied(
                "people", Harness.create("k1", Map.of("email", "a@example.org", "age", 7L, "team", "red")));
        NativeRecord before = harness.find("people", created.id());
        Map<String, Object> set = new HashMap<>();
        before.fields().forEach((field, value) -> {
            if (value != null && !field.equals("id") && !field.equals("revision")) set.put(field, value);
        });
        harness.applied("people", Harness.update(created.id(), set, set, null));
        Map<String, Object> after =
                new HashMap<>(harness.find("people", created.id()).fields());
        after.put("revision", 1L);
        assertThat(after).isEqualTo(before.fields());
    }

    @Test
    void aNameThatIsHostileToSqlIsOnlyAName() throws Exception {
        String name = server().quote("it's; DROP TABLE people --");
        place.run("ALTER TABLE people ADD COLUMN " + name + " varchar(40)");
        try (Harness fresh = Harness.of(place, "people", Map.of())) {
            Applied created = fresh.applied(
                    "people",
                    Harness.create(null, Map.of("email", "x@example.org", "it's; DROP TABLE people --", "'; --")));
            assertThat(created.record().fields()).containsEntry("it's; DROP TABLE people --", "'; --");
        }
    }

    @Test
    void aClearedFieldThatIsRequiredIsRefused() throws Exception {
        Applied created = person("k1", "a@example.org");
        WriteOp op = new WriteOp.Update("op", created.id(), Map.of(), Set.of("email"), Map.of(), null);
        assertThat(harness.rejected("people", op).code()).isEqualTo(Code.REQUIRED_MISSING);
    }
}
