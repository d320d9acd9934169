package io.kintsugi.server.demo;

import static io.kintsugi.server.demo.StoryWorld.ACCOUNTS;
import static io.kintsugi.server.demo.StoryWorld.CONTACTS;
import static io.kintsugi.server.demo.StoryWorld.CRM;
import static io.kintsugi.server.demo.StoryWorld.ERP;
import static io.kintsugi.server.demo.StoryWorld.MARKETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.cli.HubClient;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final StoryClock clock = new StoryClock();
    private final StoryWorld world = new StoryWorld(clock);
    private final StringWriter told = new StringWriter();
    private Hub hub;
    private HubApi api;
    private HubClient http;
    private List<Story.Act> acts;
    private int played;

    @BeforeEach
    void start() throws Exception {
        var file = Files.writeString(temp.resolve("story.yaml"), StoryTeller.configuration(temp));
        var settings = Settings.read(file, Map.of());
        var store = new MemoryHubStore();
        var model = new LiveModel(new ModelStore(store, clock).publish(settings.documents(), "story"));
        hub = Hub.over(store, model, new Connectors(List.of(world), clock, temp), clock, Ids.secure(clock));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        var url = "http://127.0.0.1:" + api.start();
        http = new HubClient(url);
        hub.systems().start();
        acts = new Story(world, new StoryTime(hub, world), url, new PrintWriter(told, true)).acts();
    }

    @AfterEach
    void stop() {
        api.close();
        hub.close();
    }

    private void play() {
        acts.get(played++).play().run();
    }

    @Test
    @DisplayName(
            "SYN-1, SYN-5, MRG-2, MRG-3, DEL-3: 36 h without one of three systems end with all in step, and a merge is undone")
    void theWholeStory() {
        play();
        for (var system : world.systems()) {
            assertThat(world.count(system, ACCOUNTS)).as(system).isEqualTo(8);
            assertThat(world.count(system, CONTACTS)).as(system).isEqualTo(12);
        }
        assertThat(http.get("/stats").at("/goldens/account").asInt()).isEqualTo(8);
        inStep(CRM, MARKETING, ERP);

        var unplugged = clock.instant();
        play();
        assertThat(http.get("/systems/marketing").at("/system/state").asText()).isEqualTo("OFFLINE");
        assertThat(http.get("/systems/crm").at("/system/state").asText()).isEqualTo("RUNNING");

        play();
        assertThat(Duration.between(unplugged, clock.instant())).isBetween(Duration.ofHours(36), Duration.ofHours(37));
        assertThat(world.value(ERP, CONTACTS, world.contact(ERP, Story.DISPUTED), "TEL"))
                .as("what reaches the ERP meanwhile")
                .isEqualTo("+34 911 23 06 11");
        assertThat(world.account(MARKETING, Story.LOSER))
                .as("marketing is away")
                .isNotNull();

        play();
        theCertificate(unplugged);
        onePhone();
        for (var system : world.systems())
            assertThat(world.account(system, "Tatra Timber"))
                    .as("name in " + system)
                    .isNotNull();
        assertThat(world.account(CRM, Story.LOSER)).isNull();
        assertThat(world.value(MARKETING, ACCOUNTS, "marketing-a9", "company"))
                .as("what marketing merged has a new id")
                .isEqualTo(Story.WINNER);
        assertThat(world.value(ERP, ACCOUNTS, "erp-a2", "NAME1"))
                .as("the ERP cannot merge, so both say the same")
                .isEqualTo(Story.WINNER);
        for (var system : world.systems())
            assertThat(world.account(system, Story.GONE))
                    .as("deleted in " + system)
                    .isNull();
        for (var email : Story.DELETED)
            assertThat(world.contact(MARKETING, email)).as("held by the brake").isNotNull();
        assertThat(http.get("/reviews?kind=DELETED").path("items")).hasSize(1);
        assertThat(http.get("/schema-changes").at("/items/0/field").asText()).isEqualTo("Tier");
        inStep(CRM, MARKETING, ERP);

        play();
        for (var system : world.systems())
            for (var email : Story.DELETED)
                assertThat(world.contact(system, email)).as(system).isNotNull();
        assertThat(http.get("/reviews?kind=DELETED").path("items")).isEmpty();
        assertThat(http.get("/schema-changes").path("items")).isEmpty();
        assertThat(http.get("/goldens?type=account&attribute.tier=gold")
                        .at("/items/0/label")
                        .asText())
                .isEqualTo("Kestrel Robotics");

        play();
        for (var system : world.systems()) {
            var account = world.account(system, Story.LOSER);
            assertThat(account).as(system).isNotNull();
            for (var email : Story.CHILDREN)
                assertThat(world.value(system, CONTACTS, world.contact(system, email), reference(system)))
                        .as(email + " in " + system)
                        .isEqualTo(account);
        }
        inStep(CRM, MARKETING, ERP);
        assertThat(played).isEqualTo(acts.size());
        assertThat(told.toString()).doesNotContain("null").contains("100.0 % in step");
    }

    private void theCertificate(Instant unplugged) {
        var run = http.get("/runs?kind=recovery").at("/items/0/id").asText();
        var certificate = http.get("/runs/" + run + "/certificate");
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
                        world.value(system, CONTACTS, world.contact(system, Story.DISPUTED), field))
                .as(system)
                .isEqualTo("+34 911 23 06 22"));
    }

    private static String reference(String system) {
        return Map.of(CRM, "AccountId", MARKETING, "company_id", ERP, "KUNDE").get(system);
    }

    private void inStep(String... systems) {
        for (var system : systems) {
            var run = http.get("/runs?kind=audit&system=" + system)
                    .at("/items/0/id")
                    .asText();
            var audit = http.get("/runs/" + run + "/audit");
            assertThat(audit.path("inStep").asDouble()).as(system).isEqualTo(1.0);
        }
    }

    private static List<String> texts(JsonNode items, String field) {
        var texts = new ArrayList<String>();
        items.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }
}
