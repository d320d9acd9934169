package io.kintsugi.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.demo.DemoSystems.Field;
import io.kintsugi.server.demo.Travels.Customer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The demo's hub on its two databases, its drop folder and a real graph. Each test uses a customer of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int RECORDS = 200;

    private DemoFolder folder;
    private DemoSystems systems;
    private Wiring wiring;
    private Travels travels;
    private List<Customer> customers;

    @BeforeAll
    void theDemoComesToRest(@TempDir Path temp) throws Exception {
        folder = new DemoFolder(temp.resolve("demo"));
        folder.create(7, RECORDS);
        systems = new DemoSystems(folder);
        start();
        var locked = ids("billing", "SELECT cust_no FROM customer WHERE status = 'LOCKED'");
        customers = travels.customers().stream()
                .filter(customer ->
                        !locked.contains(customer.records().get("billing").externalId()))
                .toList();
    }

    private void start() throws Exception {
        wiring = Wiring.open(folder.settings(Map.of()));
        travels = new Travels(wiring.hub(), systems);
        wiring.start();
        await("the flow to settle", travels::atRest);
    }

    @AfterAll
    void stop() throws SQLException {
        systems.close();
        if (wiring != null) wiring.close();
    }

    @Test
    @Order(1)
    void theFirstFlowLeavesGoldensQuestionsAndTheRowsThatBroke() {
        assertThat(customers).hasSizeGreaterThan(10);
        var store = wiring.hub().store();
        var records = store.read(tx -> tx.records().counts());
        assertThat(records)
                .filteredOn(count -> count.state() == RecordState.UNKEYED)
                .hasSize(2);
        var reviews = store.read(tx -> tx.reviews().openCounts());
        assertThat(reviews).containsEntry(Kind.UNMAPPABLE, 2L);
        assertThat(reviews.getOrDefault(Kind.CANDIDATE, 0L) + reviews.getOrDefault(Kind.DISPUTED, 0L))
                .isPositive();
        var writes = store.read(tx -> tx.outbox().counts());
        assertThat(writes)
                .extracting(count -> count.state())
                .isSubsetOf(OutboundState.SETTLED, OutboundState.HELD, OutboundState.PARKED);
    }

    @Test
    @Order(2)
    void fiveRecordsOfOnePersonInThreeSystemsAreOneGolden() {
        var katarzyna = golden(new RecordKey("crm", "contact", "1001"));
        for (var other :
                List.of("crm:contact:1002", "billing:contact:50001", "billing:contact:50002", "shop:contact:C-10001")) {
            assertThat(golden(RecordKey.parse(other)).id()).as(other).isEqualTo(katarzyna.id());
        }
        assertThat(katarzyna.label()).isEqualTo("Katarzyna Lindqvist"); // not, say, a birth date
    }

    @Test
    @Order(3)
    @DisplayName(
            "SYN-3: a phone edited in the CRM is written once to each other system and never back, whatever they make of it")
    void anEditInTheCrmReachesBillingAndShopOnce() throws Exception {
        var customer = customers.get(0);
        var crm = customer.records().get("crm");
        var billing = customer.records().get("billing");
        log(
                "crm",
                "CREATE TRIGGER watch AFTER UPDATE OF phone ON contacts BEGIN INSERT INTO watched VALUES (NEW.contact_id); END");
        log(
                "billing",
                "CREATE TRIGGER watch BEFORE UPDATE OF tel ON customer WHEN NEW.tel LIKE '+%' BEGIN INSERT INTO watched VALUES (NEW.cust_no); END");
        var csv = Files.readAllLines(folder.path("shop/customers.csv"));

        travels.change(customer, "crm", Field.PHONE, "+1 617 555 0177");
        await("billing to show it", () -> travels.shows(customer, "billing", Field.PHONE, "+1 617 555 0177"));
        await("the shop to show it", () -> travels.shows(customer, "shop", Field.PHONE, "+1 617 555 0177"));
        await("rest", travels::atRest);
        pollAll();
        await("rest after reading everything again", travels::atRest);

        assertThat(systems.read(billing, Field.PHONE)).isEqualTo("16175550177"); // in its own style
        assertThat(systems.read(crm, Field.PHONE)).isEqualTo("+1 617 555 0177");
        assertThat(watched("crm")).containsExactly(crm.externalId()); // the edit itself
        assertThat(watched("billing")).containsExactly(billing.externalId());
        var after = Files.readAllLines(folder.path("shop/customers.csv"));
        assertThat(after).hasSameSizeAs(csv);
        after.removeAll(csv);
        assertThat(after)
                .singleElement()
                .asString()
                .startsWith(customer.records().get("shop").externalId() + ";");
        assertThat(golden(crm).values().get("phone").from()).isEqualTo(crm); // no copy took its place
    }

    @Test
    @Order(4)
    void anEditInTheFileReachesBothDatabases() throws Exception {
        var customer = customers.get(1);
        travels.change(customer, "shop", Field.EMAIL, "somebody.new@inbox.example");
        await("the CRM to show it", () -> travels.shows(customer, "crm", Field.EMAIL, "somebody.new@inbox.example"));
        await(
                "billing to show it",
                () -> travels.shows(customer, "billing", Field.EMAIL, "somebody.new@inbox.example"));
        await("rest", travels::atRest);
        assertThat(systems.read(customer.records().get("shop"), Field.EMAIL)).isEqualTo("somebody.new@inbox.example");
    }

    @Test
    @Order(5)
    @DisplayName("SYN-7: a record that its system refuses to change parks alone, and the others flow")
    void aPoisonedRecordParksAlone() throws Exception {
        var before = parked();
        var poisoned = customers.get(2).records().get("billing");
        run("billing", "UPDATE customer SET status = 'LOCKED' WHERE cust_no = " + poisoned.externalId());
        for (int i = 2; i < 8; i++) travels.change(customers.get(i), "crm", Field.PHONE, "+1 617 555 010" + i);
        for (int i = 3; i < 8; i++) {
            var customer = customers.get(i);
            var phone = "+1 617 555 010" + i;
            await("billing to show " + i, () -> travels.shows(customer, "billing", Field.PHONE, phone));
        }
        await(
                "the shop to show the poisoned one",
                () -> travels.shows(customers.get(2), "shop", Field.PHONE, "+1 617 555 0102"));
        await("rest", travels::atRest);
        var now = new HashMap<>(parked());
        now.keySet().removeAll(before.keySet());
        assertThat(now).containsOnlyKeys(poisoned);
        assertThat(now.get(poisoned)).contains("locked");

        run("billing", "UPDATE customer SET status = 'OPEN' WHERE cust_no = " + poisoned.externalId());
        var key = OutboundChange.updateKey(poisoned);
        wiring.hub().dispatcher().retry(key);
        wiring.hub().systems().somethingDue();
        await(
                "billing to show it at last",
                () -> travels.shows(customers.get(2), "billing", Field.PHONE, "+1 617 555 0102"));
    }

    @Test
    @Order(6)
    void whatHappensWhileBillingIsAwayArrivesWhenItIsBack() throws Exception {
        var customer = customers.get(8);
        systems.beginOutage();
        travels.change(customer, "crm", Field.PHONE, "+1 617 555 0188");
        await("the shop to show it", () -> travels.shows(customer, "shop", Field.PHONE, "+1 617 555 0188"));
        systems.endOutage();
        await("billing to show it", () -> travels.shows(customer, "billing", Field.PHONE, "+1 617 555 0188"));
    }

    @Test
    @Order(7)
    void aSecondStartOnTheSameFolderGoesOnAndWritesNothing() throws Exception {
        await("rest", travels::atRest);
        var csv = Files.readAllLines(folder.path("shop/customers.csv"));
        var goldens = wiring.hub().store().read(tx -> tx.goldens().counts());
        long feed = wiring.hub().store().read(tx -> tx.goldens().feedEnd());
        wiring.close();
        assertThat(folder.create(7, RECORDS)).isFalse();
        start();
        var store = wiring.hub().store();
        Map<String, Long> goldensAgain = store.read(tx -> tx.goldens().counts());
        long feedAgain = store.read(tx -> tx.goldens().feedEnd());
        assertThat(goldensAgain).isEqualTo(goldens);
        assertThat(feedAgain).isEqualTo(feed);
        assertThat(Files.readAllLines(folder.path("shop/customers.csv"))).isEqualTo(csv);
    }

    private GoldenRecord golden(RecordKey record) {
        return wiring.hub().store().read(tx -> {
            var id = tx.goldens().goldenOf(List.of(record)).get(record);
            assertThat(id).as("golden of " + record).isNotNull();
            return tx.goldens().find(List.of(id)).get(id);
        });
    }

    /** Problems of the writes that wait for a person, by record. */
    private Map<RecordKey, String> parked() {
        var parked = new HashMap<RecordKey, String>();
        wiring.hub()
                .store()
                .read(tx -> tx.outbox().list(null, OutboundState.PARKED, null, 100))
                .items()
                .forEach(change -> parked.put(change.target(), change.problem()));
        return parked;
    }

    private void pollAll() throws Exception {
        for (var status : wiring.hub().systems().list()) {
            var id = status.config().id();
            wiring.hub().systems().poll(id);
            await(id + " to be read again", () -> !wiring.hub()
                    .systems()
                    .find(id)
                    .orElseThrow()
                    .lastPoll()
                    .equals(status.lastPoll()));
        }
    }

    private void log(String database, String trigger) throws SQLException {
        run(database, "CREATE TABLE watched (id TEXT)");
        run(database, trigger);
    }

    private List<String> watched(String database) throws SQLException {
        return ids(database, "SELECT id FROM watched");
    }

    private List<String> ids(String database, String sql) throws SQLException {
        var ids = new ArrayList<String>();
        try (var connection = folder.connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) ids.add(rows.getString(1));
        }
        return ids;
    }

    private void run(String database, String sql) throws SQLException {
        try (var connection = folder.connect(database);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
