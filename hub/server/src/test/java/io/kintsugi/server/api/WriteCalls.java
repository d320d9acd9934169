package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** How each write of the contract is called, over a hub in which there is something for it to change. */
final class WriteCalls implements AutoCloseable {
    private ApiUnderTest hub =
            new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new SystemApiTest.Still()));

    /** @param revision for If-Match; null if the write takes none */
    record Request(String method, String path, String body, String revision) {
        Request(String path, String body, String revision) {
            this("POST", path, body, revision);
        }
    }

    /** Two people in two systems. */
    WriteCalls() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        hub.record("erp:contact:2", "firstName", "Augusta", "lastName", "King", "phone", "+442079460999");
    }

    /** The hub of the last call; some calls need one of their own. */
    ApiUnderTest hub() {
        return hub;
    }

    @Override
    public void close() {
        hub.close();
    }

    /** The call of a write, with what it is about in the hub. */
    Request of(String operationId) {
        return switch (operationId) {
            case "decideReview" -> new Request(question() + "/decision", "{\"decision\":\"NO_MATCH\"}", "\"1\"");
            case "undoReview" -> {
                var path = question();
                hub.http
                        .post(path + "/decision", "{\"decision\":\"NO_MATCH\"}", "If-Match", "\"1\"")
                        .expect(200);
                yield new Request(path + "/undo", null, hub.http.get(path).header("ETag"));
            }
            case "discardReview" -> new Request(unreadRow() + "/discard", null, "\"1\"");
            case "mergeGoldens" -> new Request("/api/v1/merges", merge(), null);
            case "unmerge" -> {
                var path = "/api/v1/merges/"
                        + hub.http.post("/api/v1/merges", merge()).expect(200).at("/id") + "/unmerge";
                yield new Request(
                        path, null, hub.http.post(path + "/preview", null).header("ETag"));
            }
            case "pollSystem", "pauseSystem", "resumeSystem" -> {
                hub.hub.systems().start();
                yield new Request("/api/v1/systems/crm/" + operationId.replace("System", ""), null, null);
            }
            case "approveFirstSync", "refuseFirstSync" -> {
                hub.askFirst("crm");
                hub.hub.systems().start();
                var answer = operationId.startsWith("approve") ? "approve" : "refuse";
                yield new Request("/api/v1/systems/crm/first-sync/" + answer, null, null);
            }
            case "auditSystem" -> {
                hub.hub.systems().start();
                yield new Request("/api/v1/systems/crm/audits", "{\"heal\":false}", null);
            }
            case "cancelRun" -> {
                var over = hub.clock.instant();
                hub.store.write(tx -> {
                    tx.journal()
                            .saveRun(
                                    new Run("a1", "audit", "crm", null, RunState.DONE, Map.of(), -1, over, over, null));
                    return null;
                });
                yield new Request("/api/v1/runs/a1/cancel", null, null);
            }
            case "giveValue" -> given();
            case "takeValueBack" -> {
                var given = given();
                var golden = hub.http
                        .send("PUT", given.path(), given.body(), "If-Match", given.revision())
                        .expect(200);
                yield new Request("DELETE", given.path(), null, "\"" + golden.at("/revision") + "\"");
            }
            case "acceptProposal" -> new Request(proposal() + "/accept", null, "\"1\"");
            case "rejectProposal" -> new Request(proposal() + "/reject", null, "\"1\"");
            case "publishAuthority" ->
                new Request(
                        "/api/v1/authority/contact/publish",
                        "{\"body\":\"default: {strategy: oldest}\"}",
                        hub.http.get("/api/v1/authority/contact").header("ETag"));
            case "rollBackAuthority" ->
                new Request(
                        "/api/v1/authority/contact/rollback",
                        "{\"version\":0}",
                        hub.http.get("/api/v1/authority/contact").header("ETag"));
            case "deleteAsked" ->
                new Request("/api/v1/reviews/" + hub.brake("erp", List.of()) + "/delete", null, "\"1\"");
            case "keepAsked" -> new Request("/api/v1/reviews/" + hub.brake("erp", List.of()) + "/keep", null, "\"1\"");
            case "deleteGolden" -> {
                var asks = new Rule(Action.REVIEW, Action.REVIEW, Duration.ZERO, Conflict.EDIT_WINS);
                hub.deletes(new DeletePolicy("contact", 1, asks, List.of(), Brake.USUAL));
                var path = "/api/v1/goldens/" + hub.goldenOf("crm:contact:1");
                yield new Request(path + "/delete", null, hub.http.get(path).header("ETag"));
            }
            case "eraseGolden" -> {
                var path = "/api/v1/goldens/" + hub.goldenOf("crm:contact:1");
                yield new Request(
                        path + "/erase",
                        "{\"reason\":\"case 7\"}",
                        hub.http.get(path).header("ETag"));
            }
            case "eraseByHand" -> ofStep(erasure(), "by-hand");
            case "attestGone" -> ofStep(leftToAPerson(), "gone");
            case "liftErasure" -> {
                var path = leftToAPerson();
                while (hub.hub.erasing().step()) {} // until the hub has forgotten everything
                yield new Request(
                        path + "/lift",
                        "{\"reason\":\"is back\"}",
                        hub.http.get(path).header("ETag"));
            }
            case "restoreDeletion" -> new Request("/api/v1/deletions/" + deletion() + "/restore", null, "\"2\"");
            case "reconnectRecord" -> new Request("/api/v1/records/" + severed() + "/reconnect", null, null);
            case "publishDeletes" ->
                new Request("/api/v1/deletes/contact/publish", "{\"body\":\"default: {action: review}\"}", "\"0\"");
            case "rollBackDeletes" -> new Request("/api/v1/deletes/contact/rollback", "{\"version\":0}", "\"0\"");
            case "publishMatchRules" ->
                new Request(
                        "/api/v1/match-rules/contact/publish",
                        "{\"body\":\"autoBits: 12\\nreviewBits: 0\\n\"}",
                        rulesTag());
            case "rollBackMatchRules" -> {
                rules("autoBits: 12\\nreviewBits: 0\\n");
                yield new Request("/api/v1/match-rules/contact/rollback", "{\"version\":0}", rulesTag());
            }
            case "approveMerges" -> new Request(heldMerges() + "/approve", null, "\"1\"");
            case "refuseMerges" -> new Request(heldMerges() + "/refuse", null, "\"1\"");
            case "mapField" -> {
                schemaChanges();
                var body = "{\"stream\":\"people\",\"field\":\"segment\",\"attribute\":\"phone\"}";
                yield new Request("/api/v1/systems/crm/schema/fields", body, null);
            }
            case "rollBackSchemaAnswers" -> {
                schemaChanges();
                var body = "{\"stream\":\"people\",\"field\":\"segment\",\"attribute\":\"phone\"}";
                hub.http.post("/api/v1/systems/crm/schema/fields", body).expect(200);
                yield new Request(
                        "/api/v1/systems/crm/schema/rollback", "{\"stream\":\"people\",\"version\":1}", "\"2\"");
            }
            case "answerSchemaChange" -> {
                schemaChanges();
                var open = hub.http.get("/api/v1/schema-changes?sort=-system").expect(200);
                yield new Request(
                        "/api/v1/schema-changes/" + open.at("/items/0/id") + "/answer", "{\"answer\":\"AGREE\"}", null);
            }
            case "retryOutbound" ->
                new Request("/api/v1/outbound/" + HttpClientOf.encode(due()) + "/retry", null, null);
            default -> throw new AssertionError("say here how to call the new operation " + operationId);
        };
    }

    private String rulesTag() {
        return hub.http.get("/api/v1/match-rules/contact").header("ETag");
    }

    private void rules(String body) {
        hub.http
                .post("/api/v1/match-rules/contact/publish", "{\"body\":\"" + body + "\"}", "If-Match", rulesTag())
                .expect(200);
    }

    /** The question about two records of one person that rules found alike while they merged nothing. */
    private String heldMerges() {
        rules("autoBits: 9\\nreviewBits: 0\\nmode: report\\n");
        hub.ada();
        rules("autoBits: 9\\nreviewBits: 0\\nbrake: {merges: 0, percent: 0}\\n");
        while (hub.hub.resolver().resolvePending(100) > 0) {}
        assertThat(hub.http.get("/api/v1/reviews?kind=HELD_MERGE").json().at("/items"))
                .isNotEmpty();
        return "/api/v1/reviews/"
                + hub.http.get("/api/v1/reviews?kind=MERGE_BRAKE").at("/items/0/id");
    }

    /** An erasure that waits for a system. */
    private String erasure() {
        var begin = of("eraseGolden");
        var begun = hub.http
                .post(begin.path(), begin.body(), "If-Match", begin.revision())
                .expect(200);
        return "/api/v1/erasures/" + begun.at("/id");
    }

    private String leftToAPerson() {
        var path = erasure();
        var left = ofStep(path, "by-hand");
        hub.http.post(left.path(), left.body(), "If-Match", left.revision()).expect(200);
        return path;
    }

    private Request ofStep(String erasure, String verb) {
        var now = hub.http.get(erasure).expect(200);
        return new Request(erasure + "/records/" + now.at("/steps/0/record") + "/" + verb, null, now.header("ETag"));
    }

    private void schemaChanges() {
        hub.close();
        var store = ApiUnderTest.changing(new MemoryHubStore(), "segment");
        hub = new ApiUnderTest(store, Clock.systemUTC(), List.of(new SystemApiTest.Still()));
    }

    private String merge() {
        var ids = new TreeSet<>(List.of(hub.goldenOf("crm:contact:1"), hub.goldenOf("erp:contact:2")));
        return "{\"goldens\":[\"%s\",\"%s\"],\"revisions\":{\"%s\":1,\"%s\":1}}"
                .formatted(ids.first(), ids.last(), ids.first(), ids.last());
    }

    /** An open question about two people of the same name in the same town. */
    private String question() {
        hub.record(
                "crm:contact:3",
                "firstName",
                "Robert",
                "lastName",
                "Okafor",
                "birthDate",
                "1961-04-02",
                "city",
                "Leeds");
        hub.record("erp:contact:4", "firstName", "Robert", "lastName", "Okafor", "city", "Leeds");
        return "/api/v1/reviews/" + hub.http.get("/api/v1/reviews").at("/items/0/id");
    }

    private Request given() {
        var golden = hub.http.get("/api/v1/goldens/" + hub.goldenOf("crm:contact:1"));
        return new Request(
                "PUT",
                "/api/v1/goldens/" + golden.at("/id") + "/values/city",
                "{\"value\":\"London\"}",
                golden.header("ETag"));
    }

    /** erp changed a phone number that it is not trusted for. */
    private String proposal() {
        var key = RecordKey.parse("erp:contact:2");
        var review = new Review(
                "proposal-1",
                Kind.PROPOSED,
                ReviewState.OPEN,
                "contact",
                List.of(hub.goldenOf("erp:contact:2")),
                List.of(key),
                0,
                "erp changed phone",
                "{\"record\":\"erp:contact:2\",\"attribute\":\"phone\",\"value\":\"+442079460999\"}",
                1,
                hub.clock.instant(),
                null,
                null,
                null,
                null,
                null);
        hub.store.write(tx -> {
            var record = tx.records().find(List.of(key)).get(key);
            var state = AttributeState.original(null, 0).withHold(AttributeState.FOREIGN);
            tx.records()
                    .save(List.of(new SourceRecord(
                            key,
                            record.stream(),
                            record.state(),
                            record.attributes(),
                            Map.of("phone", state),
                            record.sourceAt(),
                            record.observedAt(),
                            record.version(),
                            record.written())));
            tx.reviews().save(List.of(review));
            return null;
        });
        return "/api/v1/reviews/proposal-1";
    }

    private String unreadRow() {
        var review = new Review(
                "row-1",
                Kind.UNMAPPABLE,
                ReviewState.OPEN,
                "contact",
                List.of(),
                List.of(),
                0,
                "line 17 has too few columns",
                "{}",
                1,
                hub.clock.instant(),
                null,
                null,
                null,
                null,
                null);
        hub.store.write(tx -> {
            tx.reviews().save(List.of(review));
            return null;
        });
        return "/api/v1/reviews/row-1";
    }

    /** The crm deleted a person whose record in the erp is about to be deleted, too. */
    private String deletion() {
        var now = hub.clock.instant();
        var target = RecordKey.parse("erp:contact:2");
        var step = new Step("erp", target, Action.PROPAGATE, StepState.SENT, null, null, now, now);
        var deletion = Deletion.seen(RecordKey.parse("crm:contact:9"), Evidence.FEED, now)
                .withSteps(hub.goldenOf("erp:contact:2"), List.of(step), now);
        hub.store.write(tx -> {
            tx.deletions().save(List.of(deletion));
            return null;
        });
        return deletion.id();
    }

    private String severed() {
        var key = RecordKey.parse("erp:contact:2");
        hub.store.write(tx -> {
            var record = tx.records().find(List.of(key)).get(key);
            tx.records().save(List.of(record.withState(RecordState.SEVERED)));
            return null;
        });
        return "erp:contact:2";
    }

    private String due() {
        var target = RecordKey.parse("erp:contact:2");
        var golden = hub.goldenOf("erp:contact:2");
        var marker = new Outbox.Marker(
                golden, "erp", "contact", target, hub.clock.instant().minusSeconds(60));
        hub.store.write(tx -> {
            tx.outbox().mark(List.of(marker));
            return null;
        });
        return marker.key();
    }
}
