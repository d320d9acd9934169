package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.schema.Standing;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a record of which a system refuses one value. */
class RefusedValuesTest {
    private static final String LONG = "+1 415 555 0134 ext. 1234567890";
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "city", "Bergen");

    private static final Map<String, Object> PETER =
            Map.of("first", "Peter", "last", "Olsen", "email", "peter.olsen@fjord.example", "city", "Oslo");

    private final HubUnderTest hub = hub(false);

    private static HubUnderTest hub(boolean provision) {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return new HubUnderTest(store, provision, "crm", "erp");
    }

    private void annaInTwo() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private static Map<String, Object> set(WriteOp op) {
        return op instanceof WriteOp.Create create ? create.set() : ((WriteOp.Update) op).set();
    }

    /** Refuses what a system does not take, one field at a time. */
    private static Function<WriteOp, WriteResult> refusing(Map<String, Object> values, List<WriteOp> refused) {
        return op -> {
            for (var one : values.entrySet()) {
                if (!one.getValue().equals(set(op).get(one.getKey()))) continue;
                refused.add(op);
                return new WriteResult.Rejected(
                        op.opId(),
                        new RecordError(
                                RecordError.Code.VALIDATION, one.getKey(), "22001", "too long", List.of(), false));
            }
            return null;
        };
    }

    private static List<OutboundChange> parked(HubUnderTest hub) {
        return hub.store
                .read(tx -> tx.outbox().list("erp", OutboundState.PARKED, null, 100))
                .items();
    }

    @Test
    @DisplayName("SYN-7: what else is edited reaches a record with a refused value, which is not sent again meanwhile")
    void theOthersGo() {
        annaInTwo();
        var refused = new ArrayList<WriteOp>();
        hub.system("erp").fault = refusing(Map.of("phone", LONG), refused);
        hub.system("crm").edit("1", Map.of("phone", LONG, "city", "Oslo", "born", "1980-01-02"));
        hub.takeIn();
        hub.send("erp");
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Oslo");
        assertThat(hub.system("erp").value("1", "born")).isEqualTo("1980-01-02");
        assertThat(hub.system("erp").value("1", "phone")).isNull();
        assertThat(parked(hub)).singleElement().satisfies(change -> {
            assertThat(change.problem()).contains("phone", "VALIDATION", "too long");
            assertThat(change.intent().heldBack()).containsOnlyKeys("phone");
        });
        hub.restart();
        hub.system("crm").edit("1", Map.of("city", "Tromso"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Tromso");
        assertThat(refused).hasSize(1);
        assertThat(parked(hub)).hasSize(1);
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(parked(hub)).isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a value that is refused alone waits, lets later edits pass, and is sent again by a retry")
    void aRetrySendsItAgain() {
        annaInTwo();
        var refused = new ArrayList<WriteOp>();
        hub.system("erp").fault = refusing(Map.of("phone", LONG), refused);
        hub.system("crm").edit("1", Map.of("phone", LONG));
        hub.settle();
        hub.system("crm").edit("1", Map.of("city", "Oslo"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Oslo");
        assertThat(refused).hasSize(1);
        hub.dispatcher.retry(parked(hub).get(0).key());
        hub.settle();
        assertThat(refused).hasSize(2);
        hub.system("erp").fault = op -> null;
        hub.dispatcher.retry(parked(hub).get(0).key());
        hub.settle();
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo(LONG);
        assertThat(parked(hub)).isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a record is created without a value that is refused, which waits at the record")
    void aCreateGoesWithout() {
        var hub = hub(true);
        hub.system("erp").fault = refusing(Map.of("phone", LONG), new ArrayList<>());
        var anna = new HashMap<>(ANNA);
        anna.put("phone", LONG);
        hub.system("crm").edit("1", anna);
        hub.settle();
        assertThat(hub.system("erp").records().values()).singleElement().satisfies(record -> assertThat(record.fields())
                .containsEntry("city", "Bergen")
                .doesNotContainKey("phone"));
        assertThat(parked(hub)).singleElement().satisfies(change -> {
            assertThat(change.target()).isNotNull();
            assertThat(change.problem()).contains("phone");
        });
    }

    @Test
    @DisplayName("SYN-2: no record is created without what it is found by, or without what its system demands")
    void whatIdentifiesIsNotLeftOut() {
        for (var field : List.of("email", "city")) {
            var hub = hub(true);
            if (field.equals("city")) {
                var none = new TreeSet<String>();
                var standing = new Standing(none, none, none, new TreeSet<>(Set.of("city")), Map.of());
                hub.model.stand("erp", SimulatedSystem.STREAM, standing);
            }
            hub.system("erp").fault = refusing(Map.of(field, ANNA.get(field)), new ArrayList<>());
            hub.system("crm").edit("1", ANNA);
            hub.settle();
            assertThat(hub.system("erp").records()).as(field).isEmpty();
            assertThat(parked(hub)).singleElement().satisfies(change -> assertThat(change.problem())
                    .contains(field + " is held back"));
        }
    }

    @Test
    @DisplayName("SYN-7: a value that the functions of a field cannot write does not hold up the others")
    void whatCannotBeSaidIsHeldBack() {
        annaInTwo();
        functions("born", List.of("date:dd.MM.uuuu"));
        hub.system("crm").edit("1", Map.of("born", "in May", "city", "Oslo"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Oslo");
        assertThat(parked(hub)).singleElement().satisfies(change -> assertThat(change.problem())
                .contains("birthDate", "its functions do not take the golden value"));
    }

    private void functions(String name, List<String> functions) {
        UnaryOperator<FieldMapping> change = field -> field.field().equals(name)
                ? new FieldMapping(field.field(), field.attribute(), functions, true)
                : field;
        var model = hub.model.get();
        var systems = model.systems().stream()
                .map(config -> !config.id().equals("erp")
                        ? config
                        : new SystemConfig(
                                config.id(),
                                config.label(),
                                config.connector(),
                                config.settings(),
                                config.pollEvery(),
                                config.streams().stream()
                                        .map(s -> new StreamMapping(
                                                s.stream(),
                                                s.entityType(),
                                                s.fields().stream().map(change).toList(),
                                                true,
                                                s.provision(),
                                                s.linkKeyField()))
                                        .toList()))
                .toList();
        hub.model.publish(new HubModel(model.entityTypes(), model.matching(), model.authority(), systems));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-7: whatever is refused of a record, exactly that is held back, and each value is refused once")
    void exactlyWhatIsRefusedIsHeldBack(long seed) {
        var random = new Random(seed);
        annaInTwo();
        var edits = new HashMap<String, Object>();
        var bad = new HashMap<String, Object>();
        for (var field : List.of("phone", "city", "born")) {
            var value = field.equals("born") ? "1980-01-0" + (1 + random.nextInt(9)) : "New " + random.nextInt(1000);
            if (random.nextInt(3) > 0) edits.put(field, value);
            if (random.nextInt(3) == 0) bad.put(field, value);
        }
        var refused = new ArrayList<WriteOp>();
        hub.system("erp").fault = refusing(bad, refused);
        hub.system("crm").edit("1", edits);
        hub.settle();
        hub.system("crm").edit("1", Map.of("last", "Kowalska"));
        hub.settle();
        var heldBack = new TreeSet<>(edits.keySet());
        heldBack.retainAll(bad.keySet());
        assertThat(refused).hasSameSizeAs(heldBack);
        assertThat(hub.system("erp").value("1", "last")).isEqualTo("Kowalska");
        edits.forEach((field, value) -> {
            if (heldBack.contains(field))
                assertThat(hub.system("erp").value("1", field)).isNotEqualTo(value);
            else assertThat(hub.system("erp").value("1", field)).isEqualTo(value);
        });
        assertThat(parked(hub)).hasSize(heldBack.isEmpty() ? 0 : 1);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    @Test
    @DisplayName("SYN-7: a new edit of a parked record has all its attempts again")
    void attemptsBeginAnewWithAMark() {
        annaInTwo();
        hub.system("crm").edit("2", PETER);
        hub.system("erp").edit("2", PETER);
        hub.system("erp").fault =
                op -> ((WriteOp.Update) op).id().equals("1") ? new WriteResult.NotAttempted(op.opId(), "busy") : null;
        hub.system("crm").edit("1", Map.of("city", "Oslo"));
        for (int i = 0; i < 10; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            hub.system("crm").edit("2", Map.of("city", "City " + i)); // so that it does not look as if erp took nothing
            hub.settle();
        }
        assertThat(parked(hub)).hasSize(1);
        hub.system("crm").edit("1", Map.of("city", "Bodo"));
        hub.settle();
        assertThat(parked(hub)).isEmpty();
        hub.system("erp").fault = op -> null;
        hub.clock.advance(Duration.ofMinutes(6));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Bodo");
    }
}
