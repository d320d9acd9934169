package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies and schemas by the command line, in a hub whose documents are published as they are in a real one. */
@Timeout(60)
class CommandsOfTheModelTest {
    private static final String PEOPLE = """
            label: The %1$s
            connector: still
            streams:
              people: {entity: contact, provision: true, linkKey: key, fields: {mail: email, town: city, first: firstName, last: lastName}}
            """;
    private final Clock clock = Clock.systemUTC();
    private final MemoryHubStore store = new MemoryHubStore();
    private final Hub hub;
    private final HubApi api;
    private final HttpClientOf http;
    private final Typed typed;

    @TempDir
    Path temp;

    /** Of people of the crm the town is gone, and a segment has come. */
    CommandsOfTheModelTest() {
        store.write(tx -> tx.journal().publish("schema", "crm.people", schema(), "hub", clock.instant()));
        var models = new ModelStore(store, clock);
        var systems = Map.of("crm", PEOPLE.formatted("crm"), "erp", PEOPLE.formatted("erp"));
        var model = new LiveModel(models.publish(new Documents(Map.of("system", systems)), "file"));
        hub = Hub.over(
                store,
                model,
                new Connectors(List.of(), clock, Path.of("target")),
                clock,
                new Ids(clock, new SplittableRandom(7)));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        http = new HttpClientOf(api.start());
        typed = new Typed(http.uri("").toString());
        record("crm:contact:1", 1, "Oslo");
        record("erp:contact:1", 3, "Bergen");
    }

    private static String schema() {
        var agreed = List.of(field("mail"), field("town"), field("first"), field("last"), field("key"), field("old"));
        var now = List.of(field("mail"), field("first"), field("last"), field("key"), field("old"), field("segment"));
        return "{\"agreed\":[" + String.join(",", agreed) + "],\"now\":[" + String.join(",", now) + "]}";
    }

    private static String field(String name) {
        return "{\"name\":\"%s\",\"type\":\"STRING\",\"required\":false,\"writable\":true,\"options\":[]}"
                .formatted(name);
    }

    @AfterEach
    void stop() {
        api.close();
        hub.close();
    }

    private void record(String key, int hoursAgo, String city) {
        var attributes =
                Map.of("firstName", "Anna", "lastName", "Kowalski", "email", "anna@acme.example", "city", city);
        var at = clock.instant().minus(Duration.ofHours(hoursAgo));
        var record = SourceRecord.observed(RecordKey.parse(key), "people", attributes, at, at, null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        resolve();
    }

    private void resolve() {
        while (hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
    }

    private String city() {
        return http.get("/api/v1/goldens/by-source/crm/contact/1").expect(200).at("/attributes/city");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text).toString();
    }

    private int run(String... words) {
        return typed.run(words);
    }

    private void refused(String because, String... words) {
        assertThat(run(words)).as(String.join(" ", words)).isEqualTo(2);
        assertThat(typed.err()).contains(because);
    }

    @Test
    @DisplayName(
            "GOV-1: a draft of the authority is previewed, published with --yes only, listed, shown and rolled back")
    void anAuthorityFromDraftToRollback() throws Exception {
        assertThat(run("policies", "list", "authority", "contact")).isZero();
        assertThat(typed.out()).contains("version 0, nothing was published");
        assertThat(run("policies", "show", "authority", "contact")).isZero();
        assertThat(typed.out()).startsWith("# version 0");
        var draft = file("a.yaml", "city: {strategy: system_rank, ranking: [erp, crm]}\n");

        assertThat(run("policies", "preview", "authority", "contact", draft))
                .as(typed.err())
                .isZero();
        assertThat(typed.out())
                .contains("1 of 1 golden record would change: 1 value would be another.")
                .contains("city \"Oslo\" of crm:contact:1 -> \"Bergen\" of erp:contact:1");
        run("policies", "preview", "authority", "contact", draft, "--limit", "0");
        assertThat(typed.out()).contains("1 value would be another").doesNotContain("Oslo");
        run("policies", "preview", "authority", "contact", draft, "--json");
        assertThat(typed.json().path("values").asLong()).isEqualTo(1);

        assertThat(run("policies", "publish", "authority", "contact", draft)).isZero();
        assertThat(typed.out()).contains("1 value would be another").contains("to do it, add --yes --seen 0.");
        resolve();
        assertThat(city()).as("nothing was published").isEqualTo("Oslo");
        assertThat(run("policies", "publish", "authority", "contact", draft, "--yes", "--seen", "0"))
                .as(typed.err())
                .isZero();
        assertThat(typed.out()).contains("1 value would be another").contains("Published as version 1.");
        resolve();
        assertThat(city()).isEqualTo("Bergen");

        run("policies");
        assertThat(typed.out())
                .containsPattern("authority  contact +version 1 \\(in force\\), published 20.* by local");
        run("policies", "--json");
        assertThat(typed.json().path("authority").isArray()).isTrue();
        assertThat(run("policies", "rollback", "authority", "contact", "0")).isZero();
        assertThat(typed.out())
                .contains("\"Bergen\" of erp:contact:1 -> \"Oslo\"")
                .contains("--yes --seen 1.");
        assertThat(run("policies", "rollback", "authority", "contact", "0", "--yes"))
                .isZero();
        assertThat(typed.out()).contains("Published as version 2.");
        resolve();
        assertThat(city()).isEqualTo("Oslo");
        run("policies", "list", "authority", "contact");
        assertThat(typed.out().lines().map(line -> line.replaceAll(", published .*", "")))
                .containsExactly(
                        "version 2 (in force)", "version 1", "version 0, what held before anything was published");
        run("policies", "show", "authority", "contact", "1");
        assertThat(typed.out()).isEqualTo("city: {strategy: system_rank, ranking: [erp, crm]}\n");
        run("policies", "show", "authority", "contact", "1", "--json");
        assertThat(typed.json().path("version").asLong()).isEqualTo(1);
    }

    @Test
    @DisplayName("MRG-7: who publishes over another's version is told so, and what shows it, and changes nothing")
    void aStaleVersionIsRefused() throws Exception {
        var draft = file("a.yaml", "default: {strategy: oldest}\n");
        assertThat(run("policies", "publish", "authority", "contact", draft, "--yes"))
                .isZero();
        for (var words : List.of(
                List.of("policies", "publish", "authority", "contact", draft),
                List.of("policies", "rollback", "authority", "contact", "0"))) {
            var all = Stream.concat(words.stream(), Stream.of("--yes", "--seen", "0"));
            assertThat(run(all.toArray(String[]::new))).isEqualTo(1);
            assertThat(typed.err())
                    .contains("is at version 1, you sent 0")
                    .contains("Nothing was done; \"kintsugi policies list authority contact\"");
            assertThat(typed.out()).isEmpty();
        }
        run("policies", "list", "authority", "contact", "--json");
        assertThat(typed.json().path("version").asLong()).isEqualTo(1);
    }

    @Test
    @DisplayName("GOV-1: versions that the list of the hub does not reach are shown all the same")
    void veryOldVersions() throws Exception {
        for (int i = 1; i <= 22; i++) {
            var draft = file("a.yaml", "brake: {count: " + i + "}\n");
            assertThat(run("policies", "publish", "deletes", "contact", draft, "--yes", "--json"))
                    .isZero();
        }
        run("policies", "list", "deletes", "contact");
        assertThat(typed.out())
                .contains("version 3, ")
                .doesNotContain("version 2, ")
                .contains("versions before 3");
        assertThat(run("policies", "show", "deletes", "contact", "2"))
                .as(typed.err())
                .isZero();
        assertThat(typed.out()).isEqualTo("brake: {count: 2}\n");
        assertThat(run("policies", "show", "deletes", "contact", "23")).isEqualTo(1);
        assertThat(typed.err()).contains("has no version 23");
    }

    @Test
    @DisplayName("GOV-1: of a draft of a delete policy what it says anew is told, and what it would have done")
    void aDeletePolicy() throws Exception {
        var draft = file("d.yaml", "matrix:\n- {from: crm, to: erp, action: propagate, grace: 2h}\n");
        assertThat(run("policies", "publish", "deletes", "contact", draft)).isZero();
        assertThat(typed.out())
                .contains("What it says that the policy in force does not say:")
                .containsOnlyOnce("When ")
                .contains("deletes it too after 2 hours")
                .contains("Nothing was deleted since 20")
                .contains("add --yes --seen 0.");
        assertThat(run("policies", "publish", "deletes", "contact", draft, "--yes"))
                .isZero();
        assertThat(run("policies", "preview", "deletes", "contact", draft)).isZero();
        assertThat(typed.out()).contains("It says the same as the policy in force.");
        var other = file("d.yaml", "matrix:\n- {from: crm, to: erq, action: propagate}\n");
        assertThat(run("policies", "preview", "deletes", "contact", other)).isZero();
        assertThat(typed.out()).contains("LOOK AT THIS: ").contains("did you mean \"erp\"?");
    }

    @Test
    void wrongWordsAboutPoliciesAreRefused() throws Exception {
        var draft = file("a.yaml", "phone: {stratgy: latest}\n");
        refused("show authority TYPE or deletes TYPE", "policies", "show");
        refused("preview deletes TYPE", "policies", "preview", "deletes");
        refused("publish authority contact FILE", "policies", "publish", "authority", "contact");
        refused("rollback authority contact VERSION", "policies", "rollback", "authority", "contact");
        refused("\"x\" is no version", "policies", "rollback", "authority", "contact", "x");
        refused(
                "--yes goes with publish, rollback, not with preview",
                "policies",
                "preview",
                "authority",
                "contact",
                draft,
                "--yes");
        refused("--seen goes with --yes", "policies", "publish", "authority", "contact", draft, "--seen", "1");
        refused("--limit goes with authority", "policies", "preview", "deletes", "contact", draft, "--limit", "1");
        refused("from 0 to 500", "policies", "preview", "authority", "contact", draft, "--limit", "501");
        refused("say show authority contact 1", "policies", "list", "authority", "contact", "1");
        refused("is a folder, not a file", "policies", "preview", "authority", "contact", temp.toString());
        refused("AUTHORITY", "policies", "list", "matching");
        assertThat(run("policies", "publish", "authority", "contact", draft, "--yes"))
                .isEqualTo(1);
        assertThat(typed.err()).contains(draft + ": ", "authority.contact.phone", "did you mean \"strategy\"?");
        assertThat(run("policies", "show", "authority", "contacts")).isEqualTo(1);
        assertThat(typed.err()).contains("did you mean \"contact\"?");
        assertThat(run(
                        "policies",
                        "preview",
                        "authority",
                        "contact",
                        temp.resolve("none.yaml").toString()))
                .isEqualTo(1);
        assertThat(typed.err()).contains("there is no file ");
        assertThat(run("policies", "rollback", "authority", "contact", "9")).isEqualTo(1);
        assertThat(typed.err()).contains("has no version 9");
    }

    private String change(String field) throws IOException {
        run("schema", "--json");
        for (var one : typed.json())
            if (one.path("field").asText().equals(field)) return one.path("id").asText();
        throw new AssertionError("nothing is open about " + field);
    }

    @Test
    @DisplayName(
            "SCH-1: what changed is listed by system and stream with the answers that fit, and answered one by one")
    void changesOfASchemaAreListedAndAnswered() throws Exception {
        assertThat(run("schema")).isEqualTo(3);
        assertThat(typed.out())
                .containsOnlyOnce("crm people (contact)")
                .contains("removed  town", "town (city) is not there any more in The crm")
                .contains("answers: rename --field NAME, drop (stop mapping it)")
                .contains("new  segment", "answers: map --attribute NAME, agree (leave it unmapped)");
        assertThat(run("schema", "--system", "crm", "--stream", "people")).isEqualTo(3);
        assertThat(run("schema", "--system", "erp")).isZero();
        assertThat(typed.out()).contains("No change of a schema waits for an answer.");
        assertThat(run("schema", "--stream", "firms")).isZero();
        var town = change("town");
        assertThat(run("schema", "agree", town)).isEqualTo(1);
        assertThat(typed.err()).contains("is no answer to REMOVED of town");
        assertThat(run("schema", "rename", town, "--field", "segmnt")).isEqualTo(1);
        assertThat(typed.err()).contains("has no field segmnt");
        assertThat(run("schema", "drop", town, "--try")).as(typed.err()).isZero();
        assertThat(typed.out()).contains("Nothing was changed.");
        assertThat(run("schema", "drop", town)).isZero();
        assertThat(typed.out()).contains("Done. Of people: version 2 (in force)", "town not mapped any more");
        assertThat(run("schema", "drop", town)).isEqualTo(1);
        assertThat(typed.err()).contains(town);
        assertThat(run("schema", "map", change("segment"), "--attribute", "tier"))
                .isEqualTo(1);
        assertThat(typed.err()).contains("no attribute \"tier\"");
        assertThat(run("schema", "map", change("segment"), "--attribute", "tier", "--type", "TEXT", "--no-write"))
                .as(typed.err())
                .isZero();
        assertThat(typed.out()).contains("segment mapped to tier");
        assertThat(run("schema")).isZero();
    }

    @Test
    @DisplayName("GOV-1: every answer is a version; the fields and versions are shown, and answers are taken back")
    void answersAreTakenBack() throws Exception {
        assertThat(run("schema", "fields", "crm")).isZero();
        assertThat(typed.out())
                .contains("nothing was answered yet")
                .containsPattern("town .*stands still +city")
                .containsPattern("old .*unmapped");
        assertThat(run("schema", "map", "crm", "--stream", "people", "--field", "old", "--attribute", "phone"))
                .as(typed.err())
                .isZero();
        assertThat(typed.out()).contains("old mapped to phone");
        run("schema", "fields", "crm", "--stream", "people");
        assertThat(typed.out())
                .containsPattern("old .*mapped +phone")
                .contains("version 2 (in force)", "version 1, ", "before any answer");
        assertThat(run("schema", "rollback", "crm", "--stream", "people", "--to", "1", "--seen", "1"))
                .isEqualTo(1);
        assertThat(typed.err()).contains("at version 2, you sent 1", "\"kintsugi schema fields crm\"");
        assertThat(run("schema", "rollback", "crm", "--stream", "people", "--to", "7"))
                .isEqualTo(1);
        assertThat(run("schema", "rollback", "crm", "--stream", "people", "--to", "1"))
                .isZero();
        assertThat(typed.out()).contains("version 3 (in force)", "back to version 1");
    }

    @Test
    void wrongWordsAboutSchemasAreRefused() {
        refused("did you mean \"crm\"?", "schema", "--system", "cmr");
        assertThat(run("schema", "fields", "cmr")).isEqualTo(1);
        assertThat(typed.err()).contains("did you mean \"crm\"?");
        assertThat(run("schema", "--system", "erp", "--stream", "firms")).isEqualTo(1);
        assertThat(typed.err()).contains("has no stream \"firms\"", "it has people");
        assertThat(run("schema", "agree", "none")).isEqualTo(1);
        assertThat(typed.err()).contains("none");
        refused("such as agree x", "schema", "list", "x");
        refused("fields SYSTEM", "schema", "fields");
        refused("drop ID", "schema", "drop");
        refused("--attribute", "schema", "map", "x");
        refused("--field", "schema", "rename", "x");
        refused("--value", "schema", "constant", "x");
        refused("--option VALUE=OPTION", "schema", "options", "x");
        refused("--stream and --to", "schema", "rollback", "crm");
        refused("give --stream and --field", "schema", "map", "crm", "--stream", "people", "--attribute", "phone");
        refused("--value goes with constant, not with drop", "schema", "drop", "x", "--value", "1");
        refused("--system goes with list, not with drop", "schema", "drop", "x", "--system", "crm");
        refused("TEXT", "schema", "map", "x", "--attribute", "a", "--type", "NONE");
        refused("not be below 0", "schema", "drop", "x", "--try", "--limit", "-1");
    }
}
