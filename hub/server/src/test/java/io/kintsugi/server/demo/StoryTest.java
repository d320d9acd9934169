package io.kintsugi.server.demo;

import static io.kintsugi.server.demo.StoryWorld.ACCOUNTS;
import static io.kintsugi.server.demo.StoryWorld.CONTACTS;
import static io.kintsugi.server.demo.StoryWorld.CRM;
import static io.kintsugi.server.demo.StoryWorld.ERP;
import static io.kintsugi.server.demo.StoryWorld.MARKETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The story as it is told, over a hub that keeps everything in memory. */
@Timeout(300)
class StoryTest {
    @TempDir
    private Path temp;

    private ToldStory story;

    @BeforeEach
    void start() throws Exception {
        story = new ToldStory(temp);
    }

    @AfterEach
    void stop() {
        story.close();
    }

    @Test
    @DisplayName(
            "SYN-1, SYN-5, MRG-2, MRG-3, DEL-3: 36 h without one of three systems end with all in step, and a merge is undone")
    void theWholeStory() {
        story.play();
        for (var system : story.world.systems()) {
            assertThat(story.world.count(system, ACCOUNTS)).as(system).isEqualTo(8);
            assertThat(story.world.count(system, CONTACTS)).as(system).isEqualTo(12);
        }
        assertThat(story.http.get("/stats").at("/goldens/account").asInt()).isEqualTo(8);
        inStep(CRM, MARKETING, ERP);

        var unplugged = story.clock.instant();
        story.play();
        assertThat(story.http.get("/systems/marketing").at("/system/state").asText())
                .isEqualTo("OFFLINE");
        assertThat(story.http.get("/systems/crm").at("/system/state").asText()).isEqualTo("RUNNING");

        story.play();
        assertThat(Duration.between(unplugged, story.clock.instant()))
                .isBetween(Duration.ofHours(36), Duration.ofHours(37));
        assertThat(story.world.value(ERP, CONTACTS, story.world.contact(ERP, Story.DISPUTED), "TEL"))
                .as("what reaches the ERP meanwhile")
                .isEqualTo("+34 911 23 06 11");
        assertThat(story.world.account(MARKETING, Story.LOSER))
                .as("marketing is away")
                .isNotNull();

        story.play();
        theCertificate(unplugged);
        onePhone();
        for (var system : story.world.systems())
            assertThat(story.world.account(system, "Tatra Timber"))
                    .as("name in " + system)
                    .isNotNull();
        assertThat(story.world.account(CRM, Story.LOSER)).isNull();
        assertThat(story.world.value(MARKETING, ACCOUNTS, "marketing-a9", "company"))
                .as("what marketing merged has a new id")
                .isEqualTo(Story.WINNER);
        assertThat(story.world.value(ERP, ACCOUNTS, "erp-a2", "NAME1"))
                .as("the ERP cannot merge, so both say the same")
                .isEqualTo(Story.WINNER);
        for (var system : story.world.systems())
            assertThat(story.world.account(system, Story.GONE))
                    .as("deleted in " + system)
                    .isNull();
        for (var email : Story.DELETED)
            assertThat(story.world.contact(MARKETING, email))
                    .as("held by the brake")
                    .isNotNull();
        assertThat(story.http.get("/reviews?kind=DELETED").path("items")).hasSize(1);
        assertThat(story.http.get("/schema-changes").at("/items/0/field").asText())
                .isEqualTo("Tier");
        inStep(CRM, MARKETING, ERP);

        story.play();
        for (var system : story.world.systems())
            for (var email : Story.DELETED)
                assertThat(story.world.contact(system, email)).as(system).isNotNull();
        assertThat(story.http.get("/reviews?kind=DELETED").path("items")).isEmpty();
        assertThat(story.http.get("/schema-changes").path("items")).isEmpty();
        assertThat(story.http
                        .get("/goldens?type=account&attribute.tier=gold")
                        .at("/items/0/label")
                        .asText())
                .isEqualTo("Kestrel Robotics");

        story.play();
        for (var system : story.world.systems()) {
            var account = story.world.account(system, Story.LOSER);
            assertThat(account).as(system).isNotNull();
            for (var email : Story.CHILDREN)
                assertThat(story.world.value(system, CONTACTS, story.world.contact(system, email), reference(system)))
                        .as(email + " in " + system)
                        .isEqualTo(account);
        }
        inStep(CRM, MARKETING, ERP);
        assertThat(story.isOver()).isTrue();
        assertThat(story.told.toString()).doesNotContain("null").contains("100.0 % in step");
    }

    @Test
    @DisplayName("What a person did by hand before acts 5 and 6 is said there, and the story goes on")
    void whatWasDoneByHandIsDone() {
        for (int act = 1; act <= 4; act++) story.play();
        for (var review : story.http.get("/reviews?kind=DELETED").path("items")) post("/reviews/", review, "/keep");
        for (var deletion : story.http.all("/deletions?from=crm&type=contact"))
            post("/deletions/", deletion, "/restore");
        for (var change : story.http.get("/schema-changes").path("items")) {
            story.http.post(
                    "/schema-changes/" + change.path("id").asText() + "/answer",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("answer", "MAP")
                            .put("attribute", "tier")
                            .put("type", "CATEGORY"));
        }
        story.time.pass(Duration.ofMinutes(3));
        story.play();
        assertThat(story.told.toString())
                .contains("The question of the brake was answered by hand.")
                .contains("The three contacts were restored by hand.")
                .contains("The question about the new field was answered by hand.");
        for (var system : story.world.systems()) {
            for (var email : Story.DELETED) {
                assertThat(story.world.contact(system, email)).as(system).isNotNull();
            }
        }
        var merge = story.http
                .get("/merges?type=account&origin=SOURCE")
                .at("/items/0/id")
                .asText();
        var path = "/merges/" + merge + "/unmerge";
        story.http.post(
                path,
                null,
                story.http.post(path + "/preview", null).path("revision").asLong());
        story.play();
        assertThat(story.told.toString()).contains("The merge was undone by hand.");
        for (var system : story.world.systems()) {
            assertThat(story.world.account(system, Story.LOSER)).as(system).isNotNull();
        }
        inStep(CRM, MARKETING, ERP);
    }

    private void post(String list, JsonNode item, String answer) {
        story.http.post(
                list + item.path("id").asText() + answer,
                null,
                item.path("revision").asLong());
    }

    private void theCertificate(Instant unplugged) {
        var run = story.http.get("/runs?kind=recovery").at("/items/0/id").asText();
        var certificate = story.http.get("/runs/" + run + "/certificate");
        assertThat(certificate.path("cause").asText()).startsWith("marketing was away since");
        var opened = Instant.parse(certificate.path("opened").asText());
        for (var part : certificate.path("systems"))
            assertThat(Instant.parse(part.path("barrier").asText()))
                    .isBeforeOrEqualTo(opened)
                    .isAfter(unplugged.plus(Duration.ofHours(36)));
        assertThat(texts(certificate.path("conflicts"), "attribute")).containsExactlyInAnyOrder("name", "phone");
        var phone =
                certificate.path("conflicts").path(0).path("attribute").asText().equals("phone") ? 0 : 1;
        assertThat(texts(certificate.path("conflicts").path(phone).path("candidates"), "value"))
                .containsExactlyInAnyOrder("+34 911 23 06 11", "+34 911 23 06 22");
        assertThat(texts(certificate.path("equality"), "equal")).hasSize(6).containsOnly("true");
    }

    /** The later of the two edits, everywhere. */
    private void onePhone() {
        var fields = Map.of(CRM, "Phone", MARKETING, "telephone", ERP, "TEL");
        fields.forEach((system, field) -> assertThat(
                        story.world.value(system, CONTACTS, story.world.contact(system, Story.DISPUTED), field))
                .as(system)
                .isEqualTo("+34 911 23 06 22"));
    }

    private static String reference(String system) {
        return Map.of(CRM, "AccountId", MARKETING, "company_id", ERP, "KUNDE").get(system);
    }

    private void inStep(String... systems) {
        for (var system : systems) {
            var run = story.http
                    .get("/runs?kind=audit&system=" + system)
                    .at("/items/0/id")
                    .asText();
            var audit = story.http.get("/runs/" + run + "/audit");
            assertThat(audit.path("inStep").asDouble()).as(system).isEqualTo(1.0);
        }
    }

    private static List<String> texts(JsonNode items, String field) {
        var texts = new ArrayList<String>();
        items.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }
}
