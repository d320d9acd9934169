package io.kintsugi.server.demo;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.server.Plural;
import io.kintsugi.server.demo.DemoSystems.Field;
import io.kintsugi.server.demo.Travels.Customer;
import io.kintsugi.server.engine.Hub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Talks to the person who runs the demo. */
final class Guide {
    private static final int LIVE_SECONDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final DemoFolder folder;
    private final Hub hub;
    private final DemoSystems systems;
    private final Travels travels;
    private final CountDownLatch stop;
    private final SplittableRandom random = new SplittableRandom();

    /** @param stop when it opens, everything ends */
    Guide(PrintWriter out, DemoFolder folder, Hub hub, DemoSystems systems, CountDownLatch stop) {
        this.out = out;
        this.folder = folder;
        this.hub = hub;
        this.systems = systems;
        this.travels = new Travels(hub, systems);
        this.stop = stop;
    }

    /** Waits until the first flow is over and says now and then how far it is. @return false if it is time to stop */
    boolean awaitRest() throws InterruptedException {
        for (int round = 0; !stop.await(500, TimeUnit.MILLISECONDS); round++) {
            if (ask()) return true;
            if (round % 6 == 5) out.println("  " + progress());
        }
        return false;
    }

    private boolean ask() {
        try {
            return travels.atRest();
        } catch (HubException e) { // the graph is restarting or the hub is closing
            return false;
        }
    }

    private String progress() {
        try {
            return hub.store().read(tx -> {
                long records = tx.records().counts().stream()
                        .mapToLong(count -> count.records())
                        .sum();
                long goldens = tx.goldens().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                long waiting = tx.outbox().counts().stream()
                        .filter(count -> count.state() == OutboundState.DUE || count.state() == OutboundState.SENDING)
                        .mapToLong(count -> count.changes())
                        .sum();
                return Plural.of(records, "record") + " read, " + Plural.of(goldens, "golden record") + ", "
                        + Plural.of(waiting, "change") + " to write";
            });
        } catch (HubException e) {
            return e.getMessage();
        }
    }

    void tell(String url) {
        var questions = hub.store().read(tx -> tx.reviews().openCounts());
        long pairs = questions.getOrDefault(Kind.CANDIDATE, 0L) + questions.getOrDefault(Kind.DISPUTED, 0L);
        long rows = questions.getOrDefault(Kind.UNMAPPABLE, 0L) + parked();
        out.println();
        out.println(progress() + ";");
        out.println(Plural.of(pairs, "pair waits", "pairs wait")
                + " for a person to say whether they are the same, " + Plural.of(rows, "row")
                + " could not be read or written.");
        out.println();
        out.println("  Look     " + url
                + " - search for Katarzyna Lindqvist: five records in three systems, one golden record");
        out.println("  Decide   " + url + "/review - one key per pair: M merges, N does not, U takes it back");
        out.println("  Change   " + folder.path("shop/customers.csv") + "  with any editor");
        out.println("           " + folder.path("crm.db") + " (contacts, accounts) and " + folder.path("billing.db")
                + " (customer, debtor)  with sqlite3");
        out.println("  and watch the change arrive in the other two within seconds.");
        out.println();
    }

    private long parked() {
        return hub.store().read(tx -> tx.outbox().counts().stream()
                .filter(count -> count.state() == OutboundState.PARKED)
                .mapToLong(count -> count.changes())
                .sum());
    }

    /** One gentle change every now and then, until it is time to stop. */
    void live() throws InterruptedException {
        out.println("Every " + LIVE_SECONDS + " s somebody changes something. Stop with Ctrl-C.");
        var origins = List.of("crm", "shop", "billing");
        for (int i = 0; !stop.await(LIVE_SECONDS, TimeUnit.SECONDS); i++) change(origins.get(i % 3));
    }

    /** Takes commands, one a line, until quit or the end of the input. */
    void converse(Reader input) throws IOException, InterruptedException {
        out.println("Commands: edit (in the CRM), csv (in the shop's file), outage billing, resume billing, quit");
        var lines = new BufferedReader(input);
        while (stop.getCount() > 0) {
            out.print("demo> ");
            out.flush();
            var line = lines.readLine();
            if (line == null || !obey(line.strip().toLowerCase(Locale.ROOT))) return;
        }
    }

    /** @return false to end */
    private boolean obey(String command) throws InterruptedException {
        switch (command) {
            case "" -> {}
            case "edit" -> change("crm");
            case "csv" -> change("shop");
            case "outage billing" -> outage();
            case "resume billing" -> resume();
            case "quit", "exit" -> {
                return false;
            }
            default -> out.println("There are: edit, csv, outage billing, resume billing, quit");
        }
        return true;
    }

    private void change(String origin) throws InterruptedException {
        try {
            if (origin.equals("billing") && systems.inOutage()) origin = "crm";
            var customers = travels.customers();
            if (customers.isEmpty()) {
                out.println("No customer is known to all three systems.");
                return;
            }
            var customer = customers.get(random.nextInt(customers.size()));
            var phone = Travels.newPhone(random);
            travels.change(customer, origin, Field.PHONE, phone);
            out.printf("%s: %s has a new phone, %s%n", origin, customer.name(), phone);
            report(customer, origin, phone);
        } catch (SQLException | IOException | HubException e) {
            if (stop.getCount() > 0) out.println("That did not work: " + e.getMessage());
        }
    }

    private void report(Customer customer, String origin, String phone)
            throws SQLException, IOException, InterruptedException {
        var patience = systems.inOutage() ? Duration.ofSeconds(8) : PATIENCE;
        var arrived = travels.arrivals(customer, origin, Field.PHONE, phone, patience, () -> stop.getCount() == 0);
        if (stop.getCount() == 0) return;
        for (var system : customer.records().keySet()) {
            if (system.equals(origin)) continue;
            var after = arrived.get(system);
            out.println(
                    after == null
                            ? "  " + system
                                    + (systems.inOutage() ? " is away; the hub keeps it" : " does not show it yet")
                            : String.format(
                                    Locale.ROOT, "  %s shows it after %.1f s", system, after.toMillis() / 1000.0));
        }
    }

    private void outage() {
        try {
            systems.beginOutage();
            out.println("Billing answers nobody now. Change things (edit, csv); then: resume billing");
        } catch (SQLException e) {
            out.println("The billing database could not be locked: " + e.getMessage());
        }
    }

    private void resume() throws InterruptedException {
        try {
            systems.endOutage();
        } catch (SQLException e) {
            out.println("The billing database could not be released: " + e.getMessage());
            return;
        }
        hub.systems().resume("billing");
        long start = System.nanoTime();
        if (awaitRest()) {
            out.printf(
                    Locale.ROOT, "Billing is back and up to date after %.1f s.%n", (System.nanoTime() - start) / 1e9);
        }
    }
}
