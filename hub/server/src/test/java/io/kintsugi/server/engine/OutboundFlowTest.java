package io.kintsugi.server.engine;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of writes when systems do not answer as they should. */
class OutboundFlowTest {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "city", "Bergen");

    private static HubStore store() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }

    private static HubUnderTest annaInTwo() {
        var hub = new HubUnderTest(store(), false, "crm", "erp");
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        return hub;
    }

    private static List<OutboundChange> in(HubUnderTest hub, OutboundState state) {
        return hub.store.read(tx -> tx.outbox().list(null, state, null, 1000)).items();
    }

    private static void waitAndSettle(HubUnderTest hub) {
        for (int i = 0; i < 40; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            hub.settle();
        }
    }

    @Test
    @DisplayName("SYN-3: what a system made of a created record whose reply was lost never comes back as an edit")
    void aRewrittenCreateWithoutAReplyIsNoOriginal() {
        var hub = new HubUnderTest(store(), true, "crm", "erp");
        hub.system("erp").normalise = (field, value) -> field.equals("city") ? "CA" : value;
        hub.system("erp").loseReplies = true;
        var inCalifornia = new HashMap<>(ANNA);
        inCalifornia.put("city", "California");
        hub.system("crm").edit("1", inCalifornia);
        hub.settle();
        hub.system("erp").loseReplies = false;
        waitAndSettle(hub);
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(hub.system("crm").value("1", "city")).isEqualTo("California");
        assertThat(hub.system("crm").effects).isEmpty();
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "California");
    }

    @ParameterizedTest(name = "found by a look-up: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("SYN-1, SYN-3: an edit of a created record before its lost reply is cleared up is kept and shown")
    void anEditOfARecordFoundByItsKeyIsKept(boolean lookUp) {
        var hub = new HubUnderTest(store(), true, "crm", "erp");
        hub.system("crm").edit("1", ANNA);
        hub.read("crm");
        hub.resolver.resolvePending(10);
        hub.system("erp").loseReplies = true;
        hub.send("erp");
        hub.system("erp").loseReplies = false;
        var id = hub.system("erp").records().keySet().iterator().next();
        hub.clock.advance(Duration.ofMinutes(5));
        hub.system("erp").edit(id, Map.of("city", "Oslo", "phone", "+47 22 00 00 00"));
        if (lookUp) hub.send("erp");
        waitAndSettle(hub);
        assertThat(hub.golden("erp:contact:" + id)).isEqualTo(hub.golden("crm:contact:1"));
        assertThat(hub.system("erp").value(id, "city")).isEqualTo("Oslo");
        assertThat(hub.values("crm:contact:1"))
                .containsEntry("city", "Bergen")
                .containsEntry("phone", "+47 22 00 00 00");
        assertThat(in(hub, OutboundState.PARKED)).singleElement().satisfies(change -> {
            assertThat(change.problem()).contains("city").doesNotContain("phone");
            assertThat(change.key()).as("the create is over").isEqualTo(OutboundChange.updateKey(change.target()));
        });
        // edited once more it is an edit like any other
        hub.system("erp").edit(id, Map.of("city", "Tromso"));
        waitAndSettle(hub);
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Tromso");
        assertThat(hub.system("crm").value("1", "city")).isEqualTo("Tromso");
    }

    @Test
    @DisplayName("SYN-3: a record found by its key that holds what was sent settles by itself")
    void anUntouchedRecordFoundByItsKeySettles() {
        var hub = new HubUnderTest(store(), true, "crm", "erp");
        hub.system("erp").loseReplies = true;
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        hub.system("erp").loseReplies = false;
        waitAndSettle(hub);
        assertThat(in(hub, OutboundState.PARKED)).isEmpty();
        assertThat(hub.system("erp").effects).hasSize(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "SYN-7: writes of one record arrive in the order of its edits, also behind a parked one, and the others flow")
    void theOrderOfOneRecordIsKept(long seed) {
        var random = new Random(seed);
        var hub = people(store(), 12);
        hub.settle();
        hub.system("erp").effects.clear();
        int poison = random.nextInt(8);
        hub.system("erp").poisoned = op -> op instanceof WriteOp.Update update
                && update.id().equals("e0")
                && ("City " + poison).equals(update.set().get("city"));
        int edits = 0;
        while (edits < 30) {
            for (int more = random.nextInt(4); more >= 0; more--) {
                hub.clock.advance(Duration.ofSeconds(1));
                hub.system("crm").edit("p0", Map.of("city", "City " + edits++));
                hub.system("crm").edit("p" + (1 + random.nextInt(11)), Map.of("city", "Town " + edits));
            }
            if (edits > poison && random.nextInt(4) == 0) {
                in(hub, OutboundState.PARKED).forEach(parked -> hub.dispatcher.retry(parked.key()));
            }
            hub.read("crm");
            if (random.nextBoolean()) hub.resolver.resolvePending(random.nextBoolean() ? 1000 : 1);
            if (random.nextBoolean()) hub.send("erp");
        }
        waitAndSettle(hub);
        assertThat(written(hub, "e0")).isSorted().doesNotHaveDuplicates().endsWith(edits - 1);
        for (int i = 1; i < 12; i++) {
            assertThat(written(hub, "e" + i)).isSorted();
            assertThat(hub.system("erp").value("e" + i, "city"))
                    .isEqualTo(hub.system("crm").value("p" + i, "city"));
        }
        assertThat(in(hub, OutboundState.PARKED)).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-7: edits in one batch behind a parked write are one write of the last, and a retry never brings back the first")
    void aParkedWriteIsOvertakenByLaterEdits() {
        var hub = people(store(), 2);
        hub.settle();
        hub.system("erp").effects.clear();
        hub.system("erp").poisoned = op -> ((WriteOp.Update) op).set().containsValue("City 0");
        hub.system("crm").edit("p0", Map.of("city", "City 0"));
        hub.system("crm").edit("p1", Map.of("city", "City 1"));
        hub.settle();
        assertThat(in(hub, OutboundState.PARKED)).hasSize(1);
        assertThat(written(hub, "e1")).containsExactly(1);
        hub.system("erp").poisoned = op -> false;
        hub.clock.advance(Duration.ofMinutes(1));
        for (int i = 2; i < 5; i++) hub.system("crm").edit("p0", Map.of("city", "City " + i));
        hub.read("crm");
        hub.dispatcher.retry(in(hub, OutboundState.PARKED).get(0).key()); // before the edits are resolved
        hub.settle();
        assertThat(written(hub, "e0")).containsExactly(4);
    }

    /** Numbers of the cities that were written to a record, in the order they arrived. */
    private static List<Integer> written(HubUnderTest hub, String id) {
        return hub.system("erp").effects.stream()
                .filter(op -> op instanceof WriteOp.Update update && update.id().equals(id))
                .map(op -> (String) ((WriteOp.Update) op).set().get("city"))
                .filter(Objects::nonNull)
                .map(city -> Integer.valueOf(city.substring(5)))
                .toList();
    }

    @Test
    @DisplayName("SYN-3, SYN-5: a value that is neither the old nor the sent one after a lost reply waits for a person")
    void anUnclearUpdateParks() {
        var hub = annaInTwo();
        hub.system("erp").normalise = (field, value) -> field.equals("city") ? "Other" : value;
        hub.system("erp").loseReplies = true;
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        hub.system("erp").loseReplies = false;
        waitAndSettle(hub);
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Gdansk");
        assertThat(hub.system("crm").effects).isEmpty();
        assertThat(in(hub, OutboundState.PARKED)).singleElement().satisfies(change -> assertThat(change.problem())
                .contains("city"));
        // by one click the golden value is written, and its image is known from then on
        hub.dispatcher.retry(in(hub, OutboundState.PARKED).get(0).key());
        waitAndSettle(hub);
        assertThat(hub.system("erp").effects).hasSize(2);
        assertThat(in(hub, OutboundState.PARKED)).isEmpty();
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Gdansk");
    }

    @Test
    @DisplayName("SYN-3: a person is asked again whose a value is when its record was deleted and comes back")
    void anUnclearUpdateOfWhatComesBack() {
        var hub = annaInTwo();
        hub.system("erp").normalise = (field, value) -> field.equals("city") ? "Other" : value;
        hub.system("erp").loseReplies = true;
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        hub.system("erp").loseReplies = false;
        waitAndSettle(hub);
        var rule = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.DELETE_WINS);
        hub.deletes(new DeletePolicy(
                "contact", 1, DeletePolicy.FLAG_ONLY, List.of(new Cell("crm", "erp", rule)), Brake.USUAL));
        var before = List.of("crm", "erp").stream()
                .collect(toMap(
                        name -> name,
                        name -> hub.system(name).records().get("1").fields()));
        hub.system("crm").delete("1");
        waitAndSettle(hub);
        assertThat(hub.system("erp").records()).isEmpty();
        assertThat(in(hub, OutboundState.PARKED)).as("it is not there").isEmpty();
        before.forEach((name, fields) -> hub.system(name).edit("1", fields));
        waitAndSettle(hub);
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Gdansk");
        assertThat(in(hub, OutboundState.PARKED)).singleElement().satisfies(change -> assertThat(change.problem())
                .contains("city"));
    }

    @Test
    @DisplayName("SYN-3: an edit that is read between a write and its reply reaches the golden record")
    void anEditBetweenWriteAndReplyIsKept() {
        var hub = annaInTwo();
        hub.system("erp").beforeReply = () -> {
            hub.system("erp").beforeReply = () -> {};
            hub.clock.advance(Duration.ofSeconds(1));
            hub.system("erp").edit("1", Map.of("last", "McDonald"));
            hub.read("erp");
        };
        hub.system("crm").edit("1", Map.of("last", "MCDONALD"));
        hub.settle();
        assertThat(hub.values("crm:contact:1")).containsEntry("lastName", "McDonald");
        assertThat(hub.system("crm").value("1", "last")).isEqualTo("McDonald");
        assertThat(hub.system("erp").effects).hasSize(1);
    }

    @Test
    @DisplayName("SYN-5: an unknown outcome in a stream that is not written any more is parked")
    void aStreamThatIsNotWrittenAnyMoreEndsItsOpenWrites() {
        var hub = annaInTwo();
        hub.system("erp").loseReplies = true;
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.read("crm");
        hub.resolver.resolvePending(10);
        hub.send("erp");
        var model = hub.model.get();
        var systems = model.systems().stream().map(OutboundFlowTest::readOnly).toList();
        hub.model.publish(new HubModel(model.entityTypes(), model.matching(), model.authority(), systems));
        hub.clock.advance(Duration.ofMinutes(5));
        hub.send("erp");
        assertThat(in(hub, OutboundState.PARKED)).singleElement().satisfies(change -> assertThat(change.problem())
                .contains("no stream of erp"));
    }

    private static SystemConfig readOnly(SystemConfig config) {
        var streams = config.streams().stream()
                .map(s -> new StreamMapping(s.stream(), s.entityType(), s.fields(), false, false, s.linkKeyField()))
                .toList();
        return new SystemConfig(
                config.id(), config.label(), config.connector(), config.settings(), config.pollEvery(), streams);
    }

    @Test
    @DisplayName(
            "SYN-5: a write that is never attempted while others are parks; a system that is away is waited for, for ever")
    void attemptsEndAndOutagesDoNot() {
        var hub = annaInTwo();
        hub.system("crm").edit("2", person(2));
        hub.system("erp").edit("2", person(2));
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        hub.system("erp").down = true;
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").edit("1", Map.of("city", "Sopot"));
        for (int i = 0; i < 30; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            hub.settle();
        }
        assertThat(in(hub, OutboundState.DUE)).singleElement().satisfies(change -> assertThat(change.attempts())
                .isZero());
        hub.system("erp").down = false;
        hub.system("erp").fault =
                op -> ((WriteOp.Update) op).id().equals("1") ? new WriteResult.NotAttempted(op.opId(), "busy") : null;
        for (int i = 0; i < 10; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            hub.system("crm").edit("2", Map.of("city", "City " + i));
            hub.settle();
        }
        assertThat(in(hub, OutboundState.PARKED)).singleElement().satisfies(change -> assertThat(change.problem())
                .isEqualTo("busy"));
        hub.system("erp").fault = op -> null;
        hub.dispatcher.retry(in(hub, OutboundState.PARKED).get(0).key());
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Sopot");
    }

    private static Map<String, Object> person(int i) {
        var random = new Random(i);
        return Map.of(
                "first",
                People.word(random, 6),
                "last",
                People.word(random, 8),
                "email",
                People.word(random, 9) + "@example.org");
    }

    private static HubUnderTest people(HubStore store, int count) {
        var hub = new HubUnderTest(store, false, "crm", "erp");
        for (int i = 0; i < count; i++) {
            hub.system("crm").edit("p" + i, person(i));
            hub.system("erp").edit("e" + i, person(i));
        }
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < count; i++) hub.system("crm").edit("p" + i, Map.of("phone", "+1 415 555 0" + (100 + i)));
        hub.read("crm");
        while (hub.resolver.resolvePending(1000) > 0) {
            // until nothing waits
        }
        return hub;
    }

    @Test
    @DisplayName("SYN-5: a batch that waits longer than its lease can last is not sent, so nobody sends it twice")
    void whatWaitsTooLongForItsBatchIsSentLater() {
        var hub = people(store(), 200);
        hub.system("erp").beforeReply = () -> hub.clock.advance(Duration.ofSeconds(61));
        hub.send("erp");
        assertThat(hub.system("erp").effects).hasSize(200);
        assertThat(hub.system("erp").effects.stream().map(op -> ((WriteOp.Update) op).id()))
                .doesNotHaveDuplicates();
        assertThat(in(hub, OutboundState.SETTLED)).hasSize(200);
    }

    @Test
    @DisplayName(
            "SYN-5: a write before which looking took longer than its lease can last is not sent, so it is never late")
    void whatWaitsTooLongForALookIsSentLater() {
        var hub = new HubUnderTest(store(), true, "crm", "erp");
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        var erp = hub.system("erp");
        erp.beforeLook = () -> {
            erp.beforeLook = () -> {};
            hub.clock.advance(Duration.ofSeconds(61));
        };
        var asked = hub.clock.instant();
        hub.send("erp");
        assertThat(erp.effects).hasSize(1);
        assertThat(in(hub, OutboundState.SETTLED))
                .singleElement()
                .satisfies(create -> assertThat(create.intent().sentAt()).isAfter(asked));
    }

    @Test
    @DisplayName("SYN-5: creates that wait for the resolver do not stand before updates that are ready")
    void waitingCreatesLetUpdatesPass() {
        var hub = new HubUnderTest(store(), true, "crm", "erp");
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 250; i++) hub.system("crm").edit("p" + i, person(i));
        hub.read("crm");
        while (hub.resolver.resolvePending(1000) > 0) {
            // until nothing waits
        }
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.read("crm");
        hub.resolver.resolvePending(10);
        hub.system("crm").edit("late", person(999));
        hub.read("crm"); // not resolved: the hub does not know yet what it has read
        hub.send("erp");
        assertThat(hub.system("erp").effects)
                .extracting(Object::getClass)
                .containsExactly(WriteOp.Create.class, WriteOp.Update.class);
    }

    @Test
    @DisplayName("SYN-5: settling many writes takes as many store calls as settling few")
    void settlingTakesTheSameCallsForFewAndMany() {
        assertThat(callsToSend(200)).isEqualTo(callsToSend(50));
    }

    private static Map<String, Integer> callsToSend(int count) {
        var calls = new HashMap<String, Integer>();
        var hub = people(
                new WatchedStore(new MemoryHubStore(), (call, arguments) -> calls.merge(call, 1, Integer::sum)), count);
        hub.system("erp").maxBatch = 200;
        calls.clear();
        hub.send("erp");
        assertThat(hub.system("erp").effects).hasSize(count);
        return calls;
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    /** Whatever a system answers, in whatever order: no change goes round for ever, and what is settled is there. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-5: every write ends settled, parked or held")
    void everyWriteEnds(long seed) {
        var random = new Random(seed);
        var hub = people(store(), 12);
        hub.system("erp").fault = op -> switch (random.nextInt(7)) {
            case 0 -> new WriteResult.Ambiguous(op.opId(), "no reply");
            case 1 -> new WriteResult.NotAttempted(op.opId(), "busy");
            case 2 -> refused(op, RecordError.Code.VERSION_CONFLICT, false);
            case 3 -> refused(op, RecordError.Code.VALIDATION, random.nextBoolean());
            case 4 -> null;
            case 5 -> refused(op, RecordError.Code.NOT_FOUND, false);
            default -> new WriteResult.Ambiguous(op.opId(), "late");
        };
        hub.system("erp").loseReplies = random.nextBoolean();
        waitAndSettle(hub);
        for (var state : List.of(OutboundState.DUE, OutboundState.SENDING, OutboundState.VERIFYING)) {
            assertThat(in(hub, state)).isEmpty();
        }
        for (var settled : in(hub, OutboundState.SETTLED)) {
            var id = settled.target().externalId();
            if (settled.system().equals("erp") && settled.intent() != null) {
                assertThat(hub.system("erp").value(id, "phone"))
                        .isEqualTo("+1 415 555 0" + (100 + Integer.parseInt(id.substring(1))));
            }
        }
    }

    private static WriteResult refused(WriteOp op, RecordError.Code code, boolean retryable) {
        return new WriteResult.Rejected(
                op.opId(), new RecordError(code, null, code.name(), "refused", List.of(), retryable));
    }
}
