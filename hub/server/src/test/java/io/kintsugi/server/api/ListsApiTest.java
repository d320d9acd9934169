package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.Step;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.Erasures.Blocked;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.api.HttpClientOf.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("GOV-7: every list of the contract pages, sorts and filters the same way")
class ListsApiTest {
    private static final PublishedSchemas SCHEMAS = new PublishedSchemas();
    private static ApiUnderTest hub;
    private static String golden;

    /** A GET route whose answer holds items. */
    private record ListRoute(String template, Map<String, JsonNode> parameters) {
        /** The route over the hub of this test, with what it requires. */
        String path(String query) {
            var required = template.endsWith("/records") ? "system=crm&type=contact&" : "";
            var id = template.contains("/runs/") ? "run-0" : template.contains("/erasures/") ? "erasure-0" : golden;
            return template.replace("{id}", id) + "?" + required + query;
        }

        List<String> values(String parameter) {
            var values = new ArrayList<String>();
            parameters.get(parameter).path("enum").forEach(value -> values.add(value.asText()));
            return values;
        }

        @Override
        public String toString() {
            return template;
        }
    }

    static Stream<ListRoute> lists() {
        var paths = SCHEMAS.contract().path("paths");
        var routes = new ArrayList<ListRoute>();
        paths.properties().forEach(path -> {
            if (path.getKey().startsWith("/api/v1/dry-runs/")) return; // DryRunApiTest pages and filters them
            var operation = path.getValue().path("get");
            var page = resolved(operation.at("/responses/200/content/application~1json/schema"));
            if (page.at("/properties/items").isMissingNode()) return;
            var parameters = new LinkedHashMap<String, JsonNode>();
            for (var declared : operation.path("parameters")) {
                var parameter = resolved(declared);
                if (!parameter.path("in").asText().equals("query")) continue;
                parameters.put(parameter.path("name").asText(), resolved(parameter.path("schema")));
            }
            routes.add(new ListRoute(path.getKey(), parameters));
        });
        return routes.stream();
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? SCHEMAS.contract().at(node.path("$ref").asText().substring(1))
                : node;
    }

    /** Lists that go by cursor: all but the feed. */
    static Stream<ListRoute> pagedLists() {
        return lists().filter(list -> !list.parameters().containsKey("since"));
    }

    @BeforeAll
    static void aHubWithSeveralOfEverything() {
        hub = new ApiUnderTest(
                ApiUnderTest.changing(new MemoryHubStore()), Clock.systemUTC(), List.of(new SystemApiTest.Still()));
        hub.hub.systems().start();
        for (var system : List.of("crm", "erp", "shop")) {
            hub.http.post("/api/v1/systems/" + system + "/pause", null).expect(200); // so that nothing moves
        }
        hub.ada();
        golden = hub.goldenOf("crm:contact:1");
        for (int i = 2; i < 5; i++) {
            hub.record("crm:contact:" + i, "firstName", "P" + i, "lastName", "F" + i, "email", i + "@x.example");
            var other = hub.goldenOf("crm:contact:" + i);
            var body = "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":%s,\"%s\":1}}"
                    .formatted(golden, other, golden, golden, revision(), other);
            hub.http.post("/api/v1/merges", body).expect(200);
        }
        for (var i : List.of("5", "6")) {
            hub.record(
                    "crm:contact:" + i,
                    "firstName",
                    "P" + i,
                    "lastName",
                    "F",
                    "email",
                    i + "@x.example",
                    "manager",
                    "1");
        }
        RecoveryApiTest.threeConflicts(hub.store, "run-0");
        var now = hub.clock.instant();
        hub.store.write(tx -> {
            for (int i = 0; i < 3; i++) {
                var key = RecordKey.parse("crm:contact:" + (i == 0 ? "1" : "gone-" + i));
                var seen = Deletion.seen(key, Evidence.FEED, now.plus(Duration.ofSeconds(i / 2)));
                tx.deletions().save(List.of(i == 2 ? seen : seen.withSteps(golden, List.of(), now)));
                var at = now.plus(Duration.ofSeconds(i / 2)); // with a tie
                tx.journal()
                        .saveRun(new Run(
                                "run-" + i,
                                i == 0 ? "load" : "poll",
                                "crm",
                                "people",
                                RunState.DONE,
                                Map.of(),
                                -1,
                                at,
                                at,
                                null));
                tx.reviews()
                        .save(List.of(new Review(
                                "review-" + i,
                                i == 0 ? Kind.DISPUTED : Kind.CANDIDATE,
                                ReviewState.OPEN,
                                "contact",
                                List.of(golden),
                                List.of(RecordKey.parse("crm:contact:1")),
                                3 + i / 2,
                                "may be the same",
                                "{}",
                                1,
                                at,
                                null,
                                null,
                                null,
                                null,
                                null)));
            }
            tx.journal().saveCheckpoint("audit-findings", "run-0/0", findings(), now);
            for (int i = 0; i < 3; i++) {
                var at = now.plus(Duration.ofSeconds(i / 2));
                tx.erasures().save(List.of(erasure(i, at)));
                tx.erasures()
                        .note(List.of(new Blocked("erasure-0", i == 1 ? "crm" : "erp", "people", "h" + i, 2, now, at)));
            }
            var keys = new TreeSet<>(List.of("contact:email:a", "contact:email:b", "contact:phone:c"));
            tx.blocks().claim(keys, 10);
            tx.blocks().markGeneric(keys);
            return null;
        });
    }

    /** The first one is done, the others wait for a person. */
    private static Erasure erasure(int i, Instant at) {
        var step =
                new Step("erp", "people", "gone-" + i, "h" + i, Means.BY_HAND, StepState.BY_HAND, null, null, at, null);
        var begun = new Erasure(
                "erasure-" + i,
                "contact",
                List.of("g-gone-" + i),
                ErasureState.RUNNING,
                "case " + i,
                "dana",
                at,
                List.of(i == 0 ? step.attested("dana", at) : step),
                Map.of(),
                null,
                null,
                null,
                1,
                at);
        return begun.removed(Map.of("records", 1L), at);
    }

    /** Three findings of an audit as they are stored. */
    private static String findings() {
        var all = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            all.add("""
                    {"record":"crm:contact:%d","goldenId":null,"attribute":"%s","disposition":"%s",
                     "there":"a","believed":"b","should":"c","reason":"it was missed","healed":false}
                    """.formatted(i, i == 1 ? "city" : "email", i == 2 ? "WAITING" : "MISSED"));
        }
        return all.toString();
    }

    private static String revision() {
        return hub.http.get("/api/v1/goldens/" + golden).at("/revision");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void allListsAreSeen() {
        assertThat(lists().map(ListRoute::template))
                .contains("/api/v1/goldens", "/api/v1/goldens/{id}/history", "/api/v1/block-keys", "/api/v1/changes")
                .hasSize(22);
    }

    @ParameterizedTest
    @MethodSource("pagedLists")
    void everyListTakesACursorALimitASortAndAFilter(ListRoute list) {
        assertThat(list.parameters()).containsKeys("cursor", "limit", "sort");
        assertThat(list.parameters().size()).as("something to filter by").isGreaterThan(3);
    }

    @ParameterizedTest
    @MethodSource("pagedLists")
    void everyOrderShowsEveryItemOnceAlsoOneByOne(ListRoute list) {
        var asItComes = items(list.path("limit=500"));
        assertThat(asItComes).hasSizeGreaterThan(list.template().endsWith("entity-types") ? 0 : 1);
        for (var sort : list.values("sort")) {
            var path = list.path("sort=" + sort);
            var whole = items(path + "&limit=500");
            assertThat(whole).as(sort).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(asItComes);
            assertThat(oneByOne(path)).as(sort).containsExactlyElementsOf(whole);
            var back = sort.startsWith("-") ? sort.substring(1) : "-" + sort;
            if (list.values("sort").contains(back)) {
                assertThat(reversed(items(list.path("limit=500&sort=") + back)))
                        .as(back)
                        .containsExactlyElementsOf(whole);
            }
        }
        var asDefault = list.parameters().get("sort").path("default").asText();
        assertThat(items(list.path("limit=500&sort=") + asDefault)).containsExactlyElementsOf(asItComes);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyFilterShowsOnlyWhatItNames(ListRoute list) {
        var whole = items(list.path("limit=500"));
        for (var filter : list.parameters().keySet()) {
            var value = whole.get(0).path(filter);
            if (!value.isTextual() || list.path("").contains(filter + "=")) continue;
            var wanted = whole.stream()
                    .filter(item -> item.path(filter).equals(value))
                    .toList();
            assertThat(items(list.path("limit=500&" + filter + "=" + value.asText())))
                    .as(filter)
                    .containsExactlyElementsOf(wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    void anUnknownSortFilterOrCursorIsRefusedWithTheNearestKnown(ListRoute list) {
        for (var name : list.parameters().keySet()) {
            if (name.equals("attributes")) continue; // stands for the attributes of the model
            assertThat(refused(list.path(name + "x=1"))).contains(name + "x", "\"" + name + "\"");
            for (var value : list.values(name)) {
                assertThat(refused(list.path(name + "=" + value + "x"))).contains(name, "\"" + value + "\"");
            }
        }
        if (list.parameters().containsKey("cursor")) {
            assertThat(refused(list.path("cursor=nonsense"))).contains("cursor");
        }
        assertThat(refused(list.path("limit=0"))).contains("limit", "1 to 500");
    }

    @Test
    void theFeedShowsEveryChangeOnceAndGoesOn() {
        var whole = items("/api/v1/changes?limit=500");
        var seen = new ArrayList<JsonNode>();
        var since = "0";
        for (var end = ""; !since.equals(end); ) {
            assertThat(seen).as("a feed that does not end").hasSizeLessThanOrEqualTo(whole.size());
            end = since;
            var page = hub.http.get("/api/v1/changes?limit=1&since=" + since).expect(200);
            page.json().path("items").forEach(seen::add);
            since = page.at("/next");
        }
        assertThat(seen).hasSizeGreaterThan(5).containsExactlyElementsOf(whole);
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() {
        var path = "/api/v1/goldens/" + golden + "/sources?limit=1&sort=";
        var cursor = hub.http.get(path + "key").expect(200).at("/next");
        assertThat(refused(path + "observedAt&cursor=" + cursor)).contains("begin without a cursor");
    }

    @Test
    void theReviewsOfAGoldenTakeTheOtherFiltersToo() {
        var path = "/api/v1/reviews?golden=" + golden;
        assertThat(hub.http.get(path + "&kind=DISPUTED").expect(200).each("/items", "id"))
                .containsExactly("review-0");
        assertThat(hub.http.get(path + "&minScore=3.5").expect(200).each("/items", "id"))
                .containsExactly("review-2");
        assertThat(hub.http.get(path + "&system=shop").expect(200).each("/items", "id"))
                .isEmpty();
        assertThat(hub.http.get(path + "&limit=1").expect(200).at("/next")).isNotEmpty();
        assertThat(refused(path + "&state=DECIDED")).contains("open reviews only");
    }

    private static List<JsonNode> oneByOne(String path) {
        var items = new ArrayList<JsonNode>();
        for (var page : hub.http.pages(path + "&limit=1")) {
            assertThat(page.json().path("items")).hasSizeLessThan(2);
            page.json().path("items").forEach(item -> items.add(atRest(item)));
        }
        return items;
    }

    private static List<JsonNode> items(String path) {
        var page = hub.http.get(path).expect(200).json().path("items");
        return StreamSupport.stream(page.spliterator(), false)
                .map(ListsApiTest::atRest)
                .toList();
    }

    /** An item without what the clock alone changes. */
    private static JsonNode atRest(JsonNode item) {
        return ((ObjectNode) item).without("lagSeconds");
    }

    private static <T> List<T> reversed(List<T> list) {
        var turned = new ArrayList<T>();
        list.forEach(item -> turned.add(0, item));
        return turned;
    }

    private static String refused(String path) {
        Answer answer = hub.http.get(path).expect(400);
        assertThat(answer.at("/fix")).isNotEmpty();
        return answer.at("/detail");
    }
}
