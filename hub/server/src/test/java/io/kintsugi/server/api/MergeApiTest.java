package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MergeApiTest {
    private final ApiUnderTest hub = new ApiUnderTest();
    private String first;
    private String second;

    @BeforeEach
    void twoPeople() {
        hub.record(
                "crm:contact:1",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "birthDate",
                "1815-12-10",
                "email",
                "ada@example.org");
        hub.record("erp:contact:2", "firstName", "Augusta", "lastName", "King", "phone", "+442079460999");
        first = hub.goldenOf("crm:contact:1");
        second = hub.goldenOf("erp:contact:2");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private String merge(long revisionOfFirst) {
        return "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":%d,\"%s\":1},\"note\":\"married\"}"
                .formatted(first, second, second, first, revisionOfFirst, second);
    }

    @Test
    void aPreviewSaysWhatTheMergeThenDoesAndChangesNothing() {
        var body = "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\"}".formatted(first, second, second);
        var preview = hub.http.post("/api/v1/merges/preview", body).expect(200);
        assertThat(preview.at("/result/id")).isEqualTo(second);
        assertThat(preview.each("/retired", "")).containsExactly(first);
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(first);

        var merged = hub.http.post("/api/v1/merges", merge(1)).expect(200);
        assertThat(merged.at("/survivor")).isEqualTo(second);
        assertThat(merged.at("/note")).isEqualTo("married");
        assertThat(merged.at("/policies")).as("GOV-1").isEqualTo("authority 3, match 2");
        var golden = hub.http.get("/api/v1/goldens/" + first).expect(200);
        assertThat(golden.json().path("attributes")).isEqualTo(preview.json().at("/result/attributes"));
        assertThat(golden.json().path("records")).hasSize(2);
    }

    @Test
    @DisplayName("MRG-6: the list of merges names what became one, and who made it is a filter")
    void theListNamesWhatBecameOne() {
        hub.http.post("/api/v1/merges", merge(1)).expect(200);
        var list = hub.http.get("/api/v1/merges?by=local").expect(200);
        assertThat(list.at("/items/0/labels/" + second)).isNotEmpty();
        assertThat(list.at("/items/0/labels/" + first)).isEqualTo("Ada Lovelace");
        assertThat(list.at("/items/0/state")).isNotEmpty();
        assertThat(hub.http.get("/api/v1/merges?by=loca").expect(200).each("/items", "id"))
                .isEmpty();
    }

    @Test
    @DisplayName("MRG-5: every merge of the list says how far an unmerge gives back what was there")
    void theListSaysHowFarEachCanBeTakenBack() {
        var id = hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id");
        var before = hub.http.get("/api/v1/merges").expect(200);
        assertThat(before.at("/items/0/unmerge/reversibility")).isEqualTo("PARTIAL");
        assertThat(before.each("/items/0/unmerge/systems", "system")).contains("erp");
        assertThat(hub.http.get("/api/v1/merges/" + id).expect(200).json().at("/unmerge"))
                .isEqualTo(before.json().at("/items/0/unmerge"));
        var etag = hub.http
                .post("/api/v1/merges/" + id + "/unmerge/preview", null)
                .expect(200)
                .header("ETag");
        hub.http
                .post("/api/v1/merges/" + id + "/unmerge", null, "If-Match", etag)
                .expect(200);
        assertThat(hub.http
                        .get("/api/v1/merges")
                        .expect(200)
                        .json()
                        .at("/items/0")
                        .has("unmerge"))
                .isFalse();
    }

    @Test
    @DisplayName("ID-3: unmerge brings the retired id back with its records")
    void unmergeRestores() {
        var id = hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id");
        var preview =
                hub.http.post("/api/v1/merges/" + id + "/unmerge/preview", null).expect(200);
        assertThat(preview.at("/goldenOfRecord/crm:contact:1")).isEqualTo(first);
        var undone = hub.http
                .post("/api/v1/merges/" + id + "/unmerge", "{\"note\":\"no\"}", "If-Match", preview.header("ETag"))
                .expect(200);
        assertThat(undone.at("/undoneBy")).isEqualTo("local");
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(first);
        assertThat(hub.goldenOf("erp:contact:2")).isEqualTo(second);
        assertThat(hub.http.get("/api/v1/merges/" + id).expect(200).json().has("undoneAt"))
                .isTrue();
        assertThat(hub.http.get("/api/v1/merges?golden=" + first).expect(200).each("/items", "id"))
                .containsExactly(id);
        assertThat(hub.http
                        .post("/api/v1/merges/" + id + "/unmerge", null, "If-Match", preview.header("ETag"))
                        .expect(409)
                        .at("/code"))
                .isEqualTo("NOT_POSSIBLE");
    }

    @Test
    @DisplayName("MRG-8: a merge is taken back alone, or with those behind it, as the preview of each says")
    void aloneOrWithThoseBehindIt() {
        hub.record("shop:contact:3", "firstName", "Grace", "lastName", "Hopper", "email", "grace@navy.example");
        var third = hub.goldenOf("shop:contact:3");
        var inner = hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id");
        var revision = hub.http.get("/api/v1/goldens/" + second).expect(200).at("/revision");
        var outer = hub.http
                .post(
                        "/api/v1/merges",
                        "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":%s,\"%s\":1}}"
                                .formatted(second, third, third, second, revision, third))
                .expect(200)
                .at("/id");
        var path = "/api/v1/merges/" + outer + "/unmerge";
        var alone = hub.http.post(path + "/preview", null).expect(200);
        assertThat(alone.each("/merges", "")).containsExactly(outer);
        assertThat(alone.at("/goldenOfRecord/crm:contact:1")).isEqualTo(second);
        var asked = hub.http.post(path + "/preview", "{\"mode\":\"SINGLE\"}").expect(200);
        assertThat(asked.json().at("/goldenOfRecord")).isEqualTo(alone.json().at("/goldenOfRecord"));
        var tree = hub.http.post(path + "/preview", "{\"mode\":\"TREE\"}").expect(200);
        assertThat(tree.each("/merges", "")).containsExactly(outer, inner);
        assertThat(tree.at("/goldenOfRecord/crm:contact:1")).isEqualTo(first);
        hub.http
                .post(path, "{\"mode\":\"TREES\"}", "If-Match", tree.header("ETag"))
                .expect(400);
        hub.http
                .post(path, "{\"mode\":\"TREE\"}", "If-Match", tree.header("ETag"))
                .expect(200);
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(first);
        assertThat(hub.goldenOf("erp:contact:2")).isEqualTo(second);
        assertThat(hub.goldenOf("shop:contact:3")).isEqualTo(third);
        assertThat(hub.http.get("/api/v1/merges/" + inner).expect(200).json().has("undoneAt"))
                .isTrue();
    }

    @Test
    @DisplayName(
            "ID-3: after unmerge a small old golden and the large one it absorbed have their ids, records and links again")
    void unmergeRestoresTheLargerGoldenToo() {
        for (var key : List.of("erp:contact:2", "shop:contact:3")) {
            hub.record(
                    key,
                    "firstName",
                    "Augusta",
                    "lastName",
                    "King",
                    "birthDate",
                    "1816-01-02",
                    "email",
                    "augusta@king.example");
        }
        assertThat(hub.goldenOf("shop:contact:3")).isEqualTo(second);
        var before = picture();
        var body = "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":1,\"%s\":3}}"
                .formatted(first, second, first, first, second);
        var id = hub.http.post("/api/v1/merges", body).expect(200).at("/id");
        var redirected = hub.http.get("/api/v1/goldens/" + second).expect(200);
        assertThat(redirected.at("/id")).isEqualTo(first);
        assertThat(redirected.at("/redirectedFrom")).isEqualTo(second);
        hub.http
                .post("/api/v1/merges/" + id + "/unmerge", null, "If-Match", redirected.header("ETag"))
                .expect(200);
        assertThat(picture()).isEqualTo(before);
    }

    /** The links between records and the records of both goldens, as anybody can read them. */
    private List<String> picture() {
        var picture = new ArrayList<String>();
        for (var golden : List.of(first, second)) {
            var shown = hub.http.get("/api/v1/goldens/" + golden).expect(200);
            assertThat(shown.at("/id")).isEqualTo(golden);
            picture.add(golden + " " + shown.at("/state") + " " + shown.each("/records", "key"));
        }
        var links = hub.store.read(tx -> tx.links()
                .of(Stream.of("crm:contact:1", "erp:contact:2", "shop:contact:3")
                        .map(RecordKey::parse)
                        .toList()));
        links.stream()
                .filter(link -> link.active() && link.decision() == Decision.MATCH)
                .map(link -> link.a() + " " + link.origin() + " " + link.b())
                .sorted()
                .forEach(picture::add);
        return picture;
    }

    @Test
    @DisplayName("MRG-6: merges that some system does not hold yet are listed, with the system and what it waits for")
    void howFarSystemsAre() {
        var id = hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id");
        var one = hub.http.get("/api/v1/merges/" + id).expect(200);
        var other = one.at("/state").equals("SETTLED") ? "PARTIALLY_SETTLED" : "SETTLED";
        assertThat(one.each("/systems", "system")).contains("crm", "erp");
        var list = "/api/v1/merges?status=";
        assertThat(hub.http.get(list + one.at("/state")).expect(200).each("/items", "id"))
                .containsExactly(id);
        assertThat(hub.http.get(list + other).expect(200).each("/items", "id")).isEmpty();
        assertThat(hub.http
                        .get(list + one.at("/state") + "&golden=" + second)
                        .expect(200)
                        .each("/items", "id"))
                .containsExactly(id);
        assertThat(hub.http.get(list + other + "&golden=" + second).expect(200).each("/items", "id"))
                .isEmpty();
        assertThat(hub.http.get(list + "OTHER").expect(400).at("/detail")).contains("PARTIALLY_SETTLED");
        var explained = hub.http.get("/api/v1/goldens/" + second + "/explain").expect(200);
        assertThat(explained.json().at("/merges/0/systems"))
                .isEqualTo(one.json().path("systems"));
    }

    @Test
    void aWordThatIsNotTakenIsRefusedWithThoseThatAre() {
        var id = hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id");
        var path = "/api/v1/merges/" + id + "/unmerge/preview";
        assertThat(hub.http.post(path, "{\"mode\":\"ALL\"}").expect(400).at("/detail"))
                .isEqualTo("the body has a wrong value at mode; it takes SINGLE, TREE");
        assertThat(hub.http.post(path, "{\"note\":[]}").expect(400).at("/detail"))
                .isEqualTo("the body has a wrong value at note; the contract says what it takes");
    }

    @Test
    @DisplayName("MRG-7: a merge of goldens that changed is refused with the goldens as they are now")
    void aStaleRevisionIsRefusedWithWhatIsThere() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Byron", "email", "ada@example.org");
        var refused = hub.http.post("/api/v1/merges", merge(1)).expect(409);
        assertThat(refused.at("/code")).isEqualTo("REVISION_CONFLICT");
        assertThat(refused.json().path("current").path(first).path("revision").asLong())
                .isEqualTo(2);
        assertThat(refused.json()
                        .path("current")
                        .path(first)
                        .at("/attributes/lastName")
                        .asText())
                .isEqualTo("Byron");
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(first);
        hub.http.post("/api/v1/merges", merge(2)).expect(200);
    }

    @Test
    @DisplayName("MRG-7: an unmerge of a golden that changed is refused with the goldens as they are now")
    void aStaleUnmergeIsRefusedWithWhatIsThere() {
        var path = "/api/v1/merges/"
                + hub.http.post("/api/v1/merges", merge(1)).expect(200).at("/id") + "/unmerge";
        var shown = hub.http.post(path + "/preview", null).expect(200);
        assertThat(shown.header("ETag")).isEqualTo("\"" + shown.at("/revision") + "\"");
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Byron", "email", "ada@example.org");
        hub.http.post(path, null).expect(428);
        var refused =
                hub.http.post(path, null, "If-Match", shown.header("ETag")).expect(409);
        assertThat(refused.at("/code")).isEqualTo("REVISION_CONFLICT");
        assertThat(refused.at("/current/" + second + "/attributes/lastName")).isEqualTo("Byron");
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(second);
        hub.http
                .post(
                        path,
                        null,
                        "If-Match",
                        hub.http.post(path + "/preview", null).header("ETag"))
                .expect(200);
        assertThat(hub.goldenOf("crm:contact:1")).isEqualTo(first);
    }

    @Test
    void aMergeWithoutRevisionsOrSenseIsRefused() {
        var path = "/api/v1/merges";
        assertThat(hub.http
                        .post(path, "{\"goldens\":[\"%s\",\"%s\"]}".formatted(first, second))
                        .status())
                .isEqualTo(428);
        assertThat(hub.http
                        .post(path, "{\"goldens\":[\"%s\"]}".formatted(first))
                        .status())
                .isEqualTo(400);
        assertThat(hub.http
                        .post(path, "{\"goldens\":[\"%s\",\"%s\"]}".formatted(first, first))
                        .status())
                .isEqualTo(400);
        assertThat(hub.http
                        .post(path, "{\"goldens\":[\"a\",\"b\"],\"survivor\":\"c\"}")
                        .status())
                .isEqualTo(400);
        assertThat(hub.http
                        .post(path + "/preview", "{\"goldens\":[\"%s\",\"none\"]}".formatted(first))
                        .status())
                .isEqualTo(404);
        assertThat(hub.http.get(path + "/none").status()).isEqualTo(404);
        assertThat(hub.http
                        .post(path + "/none/unmerge", null, "If-Match", "\"1\"")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void searchBeforeCreateFindsWhoIsThereAndStoresNothing() {
        var body =
                "{\"type\":\"contact\",\"attributes\":{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"birthDate\":\"1815-12-10\",\"email\":\"ada@example.org\"}}";
        var found = hub.http.post("/api/v1/match", body).expect(200);
        assertThat(found.at("/items/0/goldenId")).isEqualTo(first);
        assertThat(found.at("/items/0/decision/decision")).isEqualTo("MATCH");
        assertThat(hub.http
                        .get("/api/v1/stats")
                        .expect(200)
                        .json()
                        .at("/goldens/contact")
                        .asLong())
                .isEqualTo(2);
        var wrong = hub.http
                .post("/api/v1/match", "{\"type\":\"contact\",\"attributes\":{\"emial\":\"x\"}}")
                .expect(400);
        assertThat(wrong.at("/detail")).contains("email");
    }
}
