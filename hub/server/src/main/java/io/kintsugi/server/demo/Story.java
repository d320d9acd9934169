package io.kintsugi.server.demo;

import static io.kintsugi.server.demo.StoryWorld.ACCOUNTS;
import static io.kintsugi.server.demo.StoryWorld.CONTACTS;
import static io.kintsugi.server.demo.StoryWorld.CRM;
import static io.kintsugi.server.demo.StoryWorld.ERP;
import static io.kintsugi.server.demo.StoryWorld.MARKETING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.Plural;
import io.kintsugi.server.cli.HubClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An outage of 36 hours, told in acts. People work in the systems; the hub is asked and told through its API only. Each act is played
 * once, in turn, and returns when all that follows from it has happened.
 */
final class Story {
    static final String WINNER = "Brightwater Foods";
    static final String LOSER = "Harbour Kitchen";
    static final String GONE = "Oldmill Textiles";
    static final String DISPUTED = "lucia.romero@solymar.example";
    static final List<String> DELETED = List.of(
            "jonas.weber@kestrel.example", "greta.vogel@kestrel.example", "ingrid.solberg@fjordshipping.example");
    /** Contacts of {@link #LOSER}. */
    static final List<String> CHILDREN =
            List.of("isla.fraser@harbourkitchen.example", "callum.reid@harbourkitchen.example");

    private static final String NEW_FIELD = "Tier";

    private final StoryWorld world;
    private final StoryTime time;
    private final HubClient hub;
    private final String url;
    private final PrintWriter out;
    private final JsonNodeFactory json = JsonNodeFactory.instance;

    /** @param url of the hub */
    Story(StoryWorld world, StoryTime time, String url, PrintWriter out) {
        this.world = world;
        this.time = time;
        this.hub = new HubClient(url);
        this.url = url;
        this.out = out;
    }

    /** @param play called once */
    record Act(String title, Runnable play) {}

    List<Act> acts() {
        return List.of(
                new Act("Three systems in step", this::inStep),
                new Act("Marketing is unplugged", this::unplug),
                new Act("People go on working, in all three", this::work),
                new Act("After 36 hours marketing is plugged in", this::plugIn),
                new Act("A person answers what the hub asks", this::answer),
                new Act("The merge is undone, everywhere", this::undo));
    }

    private void inStep() {
        time.settle();
        say(
                "CRM, marketing and the ERP hold the same companies and people, spelled in three ways, with ids of their own.");
        audits();
        link("Golden records", "/goldens");
    }

    private void unplug() {
        world.unplug(MARKETING);
        hub.post("/systems/" + MARKETING + "/poll", null);
        time.await("the hub to notice", () -> state(MARKETING).equals("OFFLINE"));
        say("The hub notices at once: "
                + hub.get("/systems/" + MARKETING).at("/system/problem").asText() + ".");
        time.pass(Duration.ofHours(12));
        say("12 hours pass. The hub tries again and again, and goes on with the others.");
        link("Systems", "/systems/" + MARKETING);
    }

    private String state(String system) {
        return hub.get("/systems/" + system).at("/system/state").asText();
    }

    private void work() {
        world.edit(CRM, CONTACTS, world.contact(CRM, DISPUTED), "Phone", "+34 911 23 06 11");
        say("Lucia Romero has a new phone in the CRM, +34 911 23 06 11 ...");
        world.edit(ERP, CONTACTS, world.contact(ERP, "piotr.zielinski@tatratimber.example"), "TEL", "+48 22 300 08 99");
        say("Piotr Zielinski has a new one in the ERP.");
        time.pass(Duration.ofHours(6));
        world.edit(MARKETING, CONTACTS, world.contact(MARKETING, DISPUTED), "telephone", "+34 911 23 06 22");
        say("... and six hours later another one in marketing, +34 911 23 06 22. Nobody sees both.");
        world.edit(MARKETING, ACCOUNTS, world.account(MARKETING, "Tatra Timber"), "company", "Tatra Timber & Wood");
        say("Marketing renames Tatra Timber, though the CRM is trusted for names.");
        time.pass(Duration.ofHours(6));
        world.merge(CRM, ACCOUNTS, world.account(CRM, WINNER), world.account(CRM, LOSER));
        say(WINNER + " has bought " + LOSER + ": the two are merged in the CRM, with the merge of the CRM.");
        world.delete(ERP, ACCOUNTS, world.account(ERP, GONE));
        say(GONE + " is deleted in the ERP.");
        world.addField(CRM, ACCOUNTS, NEW_FIELD);
        world.edit(CRM, ACCOUNTS, world.account(CRM, "Kestrel Robotics"), NEW_FIELD, "gold");
        say("The CRM gets a new field, " + NEW_FIELD + ". Kestrel Robotics is gold.");
        for (var email : DELETED) world.delete(CRM, CONTACTS, world.contact(CRM, email));
        say("A clean-up in the CRM deletes three contacts that it should not.");
        time.pass(Duration.ofHours(12));
    }

    private void plugIn() {
        int before = recoveries().size();
        world.plugIn(MARKETING);
        time.settle();
        time.await("the recovery to end", () -> {
            var runs = recoveries();
            return runs.size() > before && !runs.get(0).path("state").asText().equals("RUNNING");
        });
        time.pass(Duration.ofMinutes(3)); // the grace of deletes
        var run = recoveries().get(0).path("id").asText();
        certificate(hub.get("/runs/" + run + "/certificate"));
        link("Certificate", "/activity/recoveries/" + run);
        merged();
        held();
        audits();
    }

    private List<JsonNode> recoveries() {
        var runs = new ArrayList<JsonNode>();
        hub.get("/runs?kind=recovery").path("items").forEach(runs::add);
        return runs;
    }

    private void certificate(JsonNode certificate) {
        say("Recovery: " + certificate.path("cause").asText() + ".");
        for (var part : certificate.path("systems")) {
            var stream = part.path("streams").path(0);
            say("  %-10s read up to %s (%s), then %d %s"
                    .formatted(
                            part.path("system").asText(),
                            part.path("barrier").asText().substring(0, 19).replace('T', ' '),
                            stream.path("tier").asText("LIVE"),
                            part.path("planned").asLong(),
                            part.path("planned").asLong() == 1 ? "write" : "writes"));
        }
        say("Nothing was written before all were read. Changed on both sides meanwhile:");
        for (var conflict : certificate.path("conflicts")) {
            var candidates = new ArrayList<String>();
            for (var one : conflict.path("candidates")) {
                candidates.add(
                        one.path("record").asText() + " \"" + one.path("value").asText() + "\"");
            }
            var golden = conflict.path("goldenId").asText();
            say("  " + certificate.path("labels").path(golden).asText() + ", "
                    + conflict.path("attribute").asText() + ": " + String.join(" against ", candidates) + "; by "
                    + conflict.path("rule").asText().toLowerCase(Locale.ROOT).replace('_', ' ') + " \""
                    + conflict.path("value").asText() + "\" stands");
        }
        for (var part : certificate.path("equality")) {
            say("  %-10s %-8s %10s, %s"
                    .formatted(
                            part.path("system").asText(),
                            part.path("type").asText(),
                            Plural.of(part.path("records").asLong(), "record"),
                            part.path("equal").asBoolean()
                                    ? "equal: " + part.path("holds").asText().substring(0, 12) + "…"
                                    : Plural.of(part.path("differing").asLong(), "value differs", "values differ")));
        }
    }

    private void merged() {
        var merge = merge();
        say(WINNER + " and " + LOSER
                + " are one golden record. The CRM merged them itself; the hub has seen to the others:");
        sources(merge.path("survivor").asText());
        say(
                "Marketing has its own merge, whose result has a new id. The ERP has none: it keeps both, which say the same.");
        link("Merge", "/goldens/" + merge.path("survivor").asText());
    }

    /** Which records each system has of a golden record. */
    private void sources(String golden) {
        for (var system : world.systems()) {
            var ids = new ArrayList<String>();
            for (var record : hub.all("/goldens/" + golden + "/sources?state=LIVE&system=" + system)) {
                var key = record.path("key").asText();
                ids.add(key.substring(key.lastIndexOf(':') + 1));
            }
            say("  %-10s %s".formatted(system, ids.isEmpty() ? "-" : String.join(" and ", ids)));
        }
    }

    /** The merge of the CRM, also if it was undone. */
    private JsonNode merge() {
        for (var merge : hub.get("/merges?type=account").path("items")) {
            if (!merge.path("origin").asText().equals("RULE")) return merge;
        }
        throw new IllegalStateException("the hub knows of no merge of accounts; begin the story anew");
    }

    private void held() {
        for (var review : hub.get("/reviews?kind=DELETED").path("items")) {
            say("The brake: " + review.path("reason").asText());
            link("Decide", "/review/" + review.path("id").asText());
        }
        for (var change : hub.get("/schema-changes").path("items")) {
            say("New: " + change.path("system").asText() + " has a field "
                    + change.path("field").asText() + ".");
            link("Schema", "/schema");
        }
    }

    private void answer() {
        boolean kept = false;
        for (var review : hub.get("/reviews?kind=DELETED").path("items")) {
            var path = "/reviews/" + review.path("id").asText() + "/keep";
            kept |= unlessDone(
                    () -> hub.post(path, null, review.path("revision").asLong()));
        }
        say(
                kept
                        ? "\"Keep them\": nothing is deleted in marketing."
                        : "The question of the brake was answered by hand.");
        boolean restored = false;
        for (var deletion : hub.all("/deletions?from=" + CRM + "&type=contact")) {
            var path = "/deletions/" + deletion.path("id").asText() + "/restore";
            restored |= unlessDone(
                    () -> hub.post(path, null, deletion.path("revision").asLong()));
        }
        boolean mapped = false;
        for (var change : hub.get("/schema-changes").path("items")) {
            var path = "/schema-changes/" + change.path("id").asText() + "/answer";
            var answer = json.objectNode()
                    .put("answer", "MAP")
                    .put("attribute", "tier")
                    .put("type", "CATEGORY");
            mapped |= unlessDone(() -> hub.post(path, answer));
        }
        time.pass(Duration.ofMinutes(3));
        say(
                restored
                        ? "\"Restore them\": the three contacts are in the CRM again."
                        : "The three contacts were restored by hand.");
        say(
                mapped
                        ? "\"Map it\": golden records have a tier, also from what was entered while nobody had answered."
                        : "The question about the new field was answered by hand.");
        audits();
    }

    /** Tells the hub what a person may have told it already; it refuses that then. @return whether it was still to be told */
    private static boolean unlessDone(Runnable tell) {
        try {
            tell.run();
            return true;
        } catch (HubException e) {
            if (e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            return false;
        }
    }

    private void undo() {
        var merge = merge();
        if (merge.hasNonNull("undoneAt")) say("The merge was undone by hand.");
        else {
            var path = "/merges/" + merge.path("id").asText() + "/unmerge";
            var preview = hub.post(path + "/preview", null);
            hub.post(path, null, preview.path("revision").asLong());
        }
        time.pass(Duration.ofMinutes(3));
        var again = merge.path("absorbed").path(0).asText();
        say(LOSER + " is a golden record of its own again, under the id it had. In the systems:");
        sources(again);
        say(
                "Marketing has made a new record of it, the ERP had kept its own. What people merged in the CRM stays merged there.");
        var id = world.create(CRM, ACCOUNTS, List.of(LOSER, "harbourkitchen.example", "+44 131 496 0200", "Edinburgh"));
        for (var email : CHILDREN) world.edit(CRM, CONTACTS, world.contact(CRM, email), "AccountId", id);
        time.pass(Duration.ofMinutes(3));
        say("So they enter it again, and move its two contacts back, which the CRM had moved when it merged:");
        sources(again);
        link("Golden record", "/goldens/" + again);
        audits();
    }

    /** Asks every system that answers what it holds. */
    private void audits() {
        for (var system : world.systems()) {
            if (!world.reachable(system)) continue;
            var run =
                    hub.post("/systems/" + system + "/audits", null).path("id").asText();
            time.await("the audit of " + system, () -> {
                hub.post("/systems/" + system + "/poll", null);
                return !hub.get("/runs/" + run).path("state").asText().equals("RUNNING");
            });
            var audit = hub.get("/runs/" + run + "/audit");
            say(String.format(
                    Locale.ROOT,
                    "  %-10s %2d accounts, %2d contacts: %.1f %% in step",
                    system,
                    world.count(system, ACCOUNTS),
                    world.count(system, CONTACTS),
                    100 * audit.path("inStep").asDouble()));
        }
    }

    private void say(String line) {
        out.println("  " + line);
    }

    private void link(String name, String path) {
        out.println("  -> " + name + ": " + url + path);
    }
}
