package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenApiTest {
    private final ApiUnderTest hub = new ApiUnderTest();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    @DisplayName("ID-1: one person in five systems has one golden id, whichever system's id is asked")
    void everySystemsIdLeadsToTheSameGolden() {
        hub.ada();
        for (var key : List.of("billing:contact:50", "support:contact:T-9")) {
            hub.record(
                    key,
                    "firstName",
                    "Ada",
                    "lastName",
                    "Lovelace",
                    "email",
                    "ada@example.org",
                    "birthDate",
                    "1815-12-10");
        }
        var ids = new TreeSet<String>();
        for (var path : List.of(
                "crm/contact/1", "erp/contact/A%2F7", "shop/contact/x", "billing/contact/50", "support/contact/T-9")) {
            ids.add(hub.http
                    .get("/api/v1/goldens/by-source/" + path)
                    .expect(200)
                    .at("/id"));
        }
        assertThat(ids).containsExactly(hub.goldenOf("crm:contact:1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "a%2Fb",
                "100%",
                "x;y=1",
                "a+b c",
                "q?a=1&b#c",
                "ünï→漢",
                "a:b:c",
                "back\\slash",
                "//",
                "~'\"<>"
            })
    void nativeIdsMayHoldAnyCharacter(String id) {
        hub.record("crm:contact:" + id, "firstName", "Grace", "lastName", "Hopper", "email", "grace@example.org");
        var answer = hub.http.get("/api/v1/goldens/by-source/crm/contact/" + HttpClientOf.encode(id));
        assertThat(answer.expect(200).each("/records", "")).containsExactly("crm:contact:" + id);
        var record = hub.http.get("/api/v1/records/" + HttpClientOf.encode("crm:contact:" + id));
        assertThat(record.expect(200).at("/record/externalId")).isEqualTo(id);
    }

    @Test
    @DisplayName("ID-5: a record that holds no key has no golden, and the answer says so")
    void anUnkeyedRecordSaysWhyItHasNoGolden() {
        hub.record("crm:contact:blank", "city", "London");
        var answer = hub.http.get("/api/v1/goldens/by-source/crm/contact/blank").expect(404);
        assertThat(answer.at("/recordState")).isEqualTo("UNKEYED");
        assertThat(answer.at("/detail")).contains("crm:contact:blank", "UNKEYED");
        var unknown =
                hub.http.get("/api/v1/goldens/by-source/crm/contact/never").expect(404);
        assertThat(unknown.json().has("recordState")).isFalse();
    }

    @Test
    @DisplayName("ID-3: a retired id leads to the survivor for ever")
    void aRetiredIdLeadsToTheSurvivor() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        hub.record("erp:contact:2", "firstName", "Augusta", "lastName", "King", "phone", "+442079460999");
        var survivor = hub.goldenOf("crm:contact:1");
        var absorbed = hub.goldenOf("erp:contact:2");
        hub.hub.stewardship().merge(List.of(survivor, absorbed), survivor, Map.of(), null, "test");

        var found = hub.http.get("/api/v1/goldens/" + absorbed).expect(200);
        assertThat(found.at("/id")).isEqualTo(survivor);
        assertThat(found.at("/redirectedFrom")).isEqualTo(absorbed);
        var tombstone =
                hub.http.get("/api/v1/goldens/" + absorbed + "?follow=false").expect(200);
        assertThat(tombstone.at("/state")).isEqualTo("RETIRED");
        assertThat(tombstone.at("/redirectsTo")).isEqualTo(survivor);
        assertThat(hub.http
                        .get("/api/v1/goldens/" + absorbed + "/sources")
                        .expect(200)
                        .each("/items", "key"))
                .containsExactly("crm:contact:1", "erp:contact:2");
        assertThat(hub.http
                        .get("/api/v1/goldens/" + absorbed + "/history")
                        .expect(200)
                        .each("/items", "cause"))
                .first()
                .isEqualTo("RETIRED");
    }

    @Test
    @DisplayName(
            "I9: a golden shows what it refers to, who refers to it, and what waits for a record that is not known")
    void referencesAreShown() {
        hub.ada();
        hub.record(
                "crm:contact:2", "firstName", "Mary", "lastName", "Somerville", "email", "m@s.example", "manager", "1");
        hub.record("erp:contact:9", "firstName", "Cato", "lastName", "Minor", "email", "c@m.example", "manager", "404");
        var ada = hub.goldenOf("crm:contact:1");
        var mary = hub.goldenOf("crm:contact:2");
        var shown = hub.http.get("/api/v1/goldens/" + mary).expect(200);
        assertThat(shown.at("/attributes/manager")).isEqualTo(ada);
        assertThat(shown.at("/references/manager/id")).isEqualTo(ada);
        assertThat(shown.at("/references/manager/label")).isEqualTo("Ada Lovelace");
        var referrers = hub.http.get("/api/v1/goldens/" + ada + "/referrers").expect(200);
        assertThat(referrers.each("/items", "id")).containsExactly(mary);
        assertThat(referrers.at("/items/0/attributes/0")).isEqualTo("manager");
        var waits = hub.http.get("/api/v1/records/erp:contact:9").expect(200);
        assertThat(waits.at("/record/attributes/manager")).isEqualTo("404");
        assertThat(waits.at("/record/states/manager/hold"))
                .isEqualTo("refers to a record that the hub does not know yet");
    }

    @Test
    void theTagIsTheRevision() {
        hub.ada();
        var path = "/api/v1/goldens/" + hub.goldenOf("crm:contact:1");
        var first = hub.http.get(path).expect(200);
        assertThat(first.header("ETag")).isEqualTo("\"" + first.at("/revision") + "\"");
        assertThat(hub.http.get(path, "If-None-Match", first.header("ETag")).status())
                .isEqualTo(304);
        hub.record(
                "crm:contact:1",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "email",
                "ada@example.org",
                "city",
                "Paris");
        assertThat(hub.http.get(path, "If-None-Match", first.header("ETag")).status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("DA-4: each value names its record, source time and policy version, and the values that lost")
    void everyValueIsExplained() {
        hub.ada();
        var explained = hub.http
                .get("/api/v1/goldens/" + hub.goldenOf("crm:contact:1") + "/explain")
                .expect(200);
        var city = explained.json().at("/values/city");
        assertThat(city.path("policyVersion").asLong()).isEqualTo(3);
        assertThat(city.at("/candidates/0/value").asText()).isEqualTo("London");
        assertThat(city.at("/candidates/0/survives").asBoolean()).isTrue();
        assertThat(city.at("/candidates/0/sourceAt").asText()).isEqualTo("2026-11-20T09:14:00Z");
        assertThat(city.at("/candidates/1/record").asText()).isEqualTo("erp:contact:A/7");
        assertThat(city.at("/candidates/1/survives").asBoolean()).isFalse();
        assertThat(city.at("/candidates/1/reason").asText()).isNotBlank();
        assertThat(explained.each("/links", "decision")).isNotEmpty().containsOnly("MATCH");
        assertThat(explained.each("/records", "key")).hasSize(3);
    }

    @Test
    void lineageLeadsFromSystemsThroughRecordsToTheGolden() {
        hub.ada();
        var id = hub.goldenOf("crm:contact:1");
        var lineage = hub.http.get("/api/v1/goldens/" + id + "/lineage").expect(200);
        assertThat(lineage.each("/nodes", "id"))
                .contains("golden:" + id, "system:crm", "record:crm:contact:1", "record:erp:contact:A/7");
        assertThat(lineage.each("/edges", "id")).contains("read:crm:contact:1", "resolves:shop:contact:x");

        var city = hub.http
                .get("/api/v1/goldens/" + id + "/lineage?attribute=city")
                .expect(200);
        assertThat(city.each("/nodes", "id")).doesNotContain("record:shop:contact:x");
        for (var edge : city.json().path("edges")) {
            for (var flow : edge.path("attributes"))
                assertThat(flow.path("attribute").asText()).isEqualTo("city");
            if (edge.path("id").asText().equals("read:crm:contact:1")) {
                assertThat(edge.at("/attributes/0/field").asText()).isEqualTo("native_city");
            }
            if (edge.path("id").asText().equals("resolves:erp:contact:A/7")) {
                assertThat(edge.at("/attributes/0/survives").asBoolean(true)).isFalse();
            }
        }
    }

    @Test
    @DisplayName("GOV-7: paging shows every golden once, in the order asked, while the list changes")
    void pagingIsCompleteAndOrdered() {
        for (int i = 0; i < 23; i++) person(i);
        for (var sort : List.of("id", "-id", "label", "-label", "createdAt", "-updatedAt")) {
            assertThat(hub.http.each("/api/v1/goldens?limit=5&sort=" + sort, "id"))
                    .as(sort)
                    .hasSize(23)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("GOV-7: every filter narrows the list")
    void filtersNarrow() {
        hub.ada();
        person(1);
        assertThat(labels("text=lovel%20ADA")).containsExactly("Ada Lovelace");
        assertThat(labels("system=shop")).containsExactly("Ada Lovelace");
        assertThat(labels("minimumRecords=2")).containsExactly("Ada Lovelace");
        assertThat(labels("attribute.email=ada%40example.org")).containsExactly("Ada Lovelace");
        assertThat(labels("attribute.email=none")).isEmpty();
        assertThat(labels("type=contact")).hasSize(2);
        assertThat(labels("state=RETIRED")).isEmpty();
    }

    private List<String> labels(String query) {
        var items = hub.http.get("/api/v1/goldens?" + query).expect(200).json().path("items");
        var labels = new ArrayList<String>();
        items.forEach(item -> labels.add(item.at("/attributes/firstName").asText() + " "
                + item.at("/attributes/lastName").asText()));
        return labels;
    }

    @Test
    @DisplayName("GOV-7: history comes in pages, newest first")
    void historyIsPaged() {
        for (int i = 0; i < 12; i++) {
            hub.record(
                    "crm:contact:1",
                    "firstName",
                    "Ada",
                    "lastName",
                    "Lovelace",
                    "email",
                    "ada@example.org",
                    "city",
                    "City" + i);
        }
        var path = "/api/v1/goldens/" + hub.goldenOf("crm:contact:1") + "/history?limit=5";
        var expected = new ArrayList<String>();
        for (int i = 12; i >= 1; i--) expected.add(Integer.toString(i));
        assertThat(hub.http.each(path, "revision")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/goldens?limt=5 limit",
                "/api/v1/goldens?state=ACTVE ACTIVE",
                "/api/v1/goldens?type=contract contact",
                "/api/v1/goldens?system=crn crm",
                "/api/v1/goldens?attribute.emial=x email",
                "/api/v1/goldens?limit=0 1",
                "/api/v1/goldens?limit=501 500",
                "/api/v1/goldens?sort=udpatedAt updatedAt",
                "/api/v1/goldens?cursor=nonsense cursor",
                "/api/v1/goldens?limit=1&limit=2 times",
                "/api/v1/goldens?minimumRecords=x number",
                "/api/v1/reviews?minScore=NaN number",
                "/api/v1/records?system=crm type",
                "/api/v1/explain/link?a=crm:contact:1 b",
                "/api/v1/explain/link?a=x&b=y key"
            })
    void whatIsWrongIsRefusedWithWhatWouldBeRight(String pathAndHint) {
        var parts = pathAndHint.split(" ");
        var answer = hub.http.get(parts[0]).expect(400);
        assertThat(answer.at("/code")).isEqualTo("BAD_REQUEST");
        assertThat(answer.at("/detail")).contains(parts[1]);
    }

    private void person(int i) {
        hub.record(
                "crm:contact:p" + i,
                "firstName",
                "Person" + i,
                "lastName",
                "Family" + i,
                "email",
                "p" + i + "@example.com");
    }
}
