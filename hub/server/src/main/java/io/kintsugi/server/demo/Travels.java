package io.kintsugi.server.demo;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.sync.Equivalence;
import io.kintsugi.server.demo.DemoSystems.Field;
import io.kintsugi.server.engine.Hub;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Picks customers that all systems know, changes them in one and watches the others. */
final class Travels {
    private static final Set<OutboundState> MOVING =
            EnumSet.of(OutboundState.DUE, OutboundState.SENDING, OutboundState.VERIFYING);
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Hub hub;
    private final DemoSystems systems;

    Travels(Hub hub, DemoSystems systems) {
        this.hub = hub;
        this.systems = systems;
    }

    /** @param records by system; each of the three has one */
    record Customer(String goldenId, String name, Map<String, RecordKey> records) {}

    /** Whether everything was read, resolved and sent, but for what waits for a person. */
    boolean atRest() {
        boolean read = hub.systems().list().stream().allMatch(system -> system.lastPoll() != null);
        return read
                && hub.store()
                        .read(tx -> tx.records().pending(1).isEmpty()
                                && tx.outbox().counts().stream().noneMatch(count -> MOVING.contains(count.state())));
    }

    /** Customers with one record in each system, in a stable order; at most a hundred. */
    List<Customer> customers() {
        var filter = new Goldens.Filter("contact", GoldenState.ACTIVE, null, "shop", Map.of(), 3, "id", false);
        return hub.store().read(tx -> {
            var goldens = tx.goldens().list(filter, null, 200).items();
            var members = tx.goldens()
                    .members(goldens.stream().map(golden -> golden.id()).toList());
            var found = new ArrayList<Customer>();
            for (var golden : goldens) {
                var records = new TreeMap<String, RecordKey>();
                for (var member : members.get(golden.id())) {
                    var record = member.record();
                    if (record.state() == RecordState.LIVE)
                        records.put(record.key().system(), record.key());
                }
                boolean single = members.get(golden.id()).size() == records.size();
                if (records.size() == 3 && single && found.size() < 100)
                    found.add(new Customer(golden.id(), golden.label(), records));
            }
            return found;
        });
    }

    /** Changes a field in one system as a user of it would. */
    void change(Customer customer, String system, Field field, String value) throws SQLException, IOException {
        systems.write(customer.records().get(system), field, value);
    }

    boolean shows(Customer customer, String system, Field field, String value) throws SQLException, IOException {
        var held = systems.read(customer.records().get(system), field);
        return Equivalence.same(type(field), held, value);
    }

    private AttributeType type(Field field) {
        return field == Field.PHONE ? AttributeType.PHONE : AttributeType.EMAIL;
    }

    /**
     * Waits until the other systems show a value.
     *
     * @param stop asked again and again; true ends the wait
     * @return how long each system took; those that did not show it in time are missing
     */
    Map<String, Duration> arrivals(
            Customer customer, String origin, Field field, String value, Duration patience, BooleanSupplier stop)
            throws SQLException, IOException, InterruptedException {
        long start = System.nanoTime();
        var arrived = new TreeMap<String, Duration>();
        while (arrived.size() < 2 && System.nanoTime() - start < patience.toNanos() && !stop.getAsBoolean()) {
            for (var system : customer.records().keySet()) {
                if (system.equals(origin) || arrived.containsKey(system)) continue;
                if (system.equals("billing") && systems.inOutage()) continue;
                if (shows(customer, system, field, value))
                    arrived.put(system, Duration.ofNanos(System.nanoTime() - start));
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return arrived;
    }

    /** A telephone number nobody has. */
    static String newPhone(SplittableRandom random) {
        return "+" + Vocabulary.digits("1 617 555 01##", random);
    }
}
