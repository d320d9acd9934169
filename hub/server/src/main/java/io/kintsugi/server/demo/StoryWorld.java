package io.kintsugi.server.demo;

import io.kintsugi.connector.simulated.Line;
import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedApp;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;

/**
 * The three systems of the story, in memory: a CRM that merges and keeps the id of the winner, a marketing tool whose merges give a new
 * id, and an ERP that can neither merge nor let others delete. Each holds accounts and contacts, and a contact names its account. People
 * work in them here, past the hub. Thread-safe.
 */
final class StoryWorld implements ConnectorFactory {
    static final String CRM = "crm";
    static final String MARKETING = "marketing";
    static final String ERP = "erp";
    static final String ACCOUNTS = "accounts";
    static final String CONTACTS = "contacts";

    private static final String TYPE = "story";
    /** Fields of each system: name, website, phone, city of an account; given name, family name, e-mail, phone, account of a contact. */
    private static final Map<String, List<List<String>>> FIELDS = Map.of(
            CRM,
            List.of(
                    List.of("Name", "Website", "Phone", "City"),
                    List.of("FirstName", "LastName", "Email", "Phone", "AccountId")),
            MARKETING,
            List.of(
                    List.of("company", "domain", "telephone", "town"),
                    List.of("first", "last", "email", "telephone", "company_id")),
            ERP,
            List.of(List.of("NAME1", "URL", "TEL", "ORT"), List.of("VORNAME", "NACHNAME", "MAIL", "TEL", "KUNDE")));

    private static final Map<String, Set<Trait>> TRAITS = Map.of(
            CRM,
            Set.of(
                    Trait.VERSIONS,
                    Trait.CONDITIONAL,
                    Trait.LINK_KEY,
                    Trait.DELETES,
                    Trait.TELLS_DELETES,
                    Trait.MERGES_KEEPING_ID,
                    Trait.TELLS_MERGES,
                    Trait.TELLS_RECORD,
                    Trait.TELLS_STATES),
            MARKETING,
            Set.of(
                    Trait.LINK_KEY,
                    Trait.DELETES,
                    Trait.TELLS_DELETES,
                    Trait.MERGES_MINTING_ID,
                    Trait.TELLS_MERGES,
                    Trait.TELLS_RECORD),
            ERP,
            Set.of(Trait.VERSIONS, Trait.CONDITIONAL, Trait.LINK_KEY, Trait.TELLS_DELETES));

    private final StoryClock clock;
    private final Map<String, SimulatedApp> apps = new TreeMap<>();
    private final Set<String> unplugged = new ConcurrentSkipListSet<>();

    StoryWorld(StoryClock clock) {
        this.clock = clock;
        for (var system : List.of(CRM, MARKETING, ERP)) {
            var accounts = nature(system, 0);
            var contacts = nature(system, 1).referring(Map.of(field(system, 1, 4), ACCOUNTS));
            apps.put(system, new SimulatedApp(system, Map.of(ACCOUNTS, accounts, CONTACTS, contacts), clock));
        }
        fill();
    }

    private static Nature nature(String system, int stream) {
        return Nature.plain(FIELDS.get(system).get(stream), TRAITS.get(system).toArray(new Trait[0]));
    }

    private static String field(String system, int stream, int at) {
        return FIELDS.get(system).get(stream).get(at);
    }

    StoryClock clock() {
        return clock;
    }

    Set<String> systems() {
        return new TreeSet<>(apps.keySet());
    }

    /** Nobody reaches the system through the hub from now on; its people work on. */
    void unplug(String system) {
        unplugged.add(system);
    }

    void plugIn(String system) {
        unplugged.remove(system);
    }

    boolean reachable(String system) {
        return !unplugged.contains(system);
    }

    // what people do

    /** Id of the account with this name; null if there is none. */
    String account(String system, String name) {
        return find(system, ACCOUNTS, field(system, 0, 0), name);
    }

    /** Id of the contact with this e-mail address; null if there is none. */
    String contact(String system, String email) {
        return find(system, CONTACTS, field(system, 1, 2), email);
    }

    private String find(String system, String stream, String field, String value) {
        return work(system, stream, rows -> rows.rows().values().stream()
                .filter(row -> value.equals(row.value(field)))
                .map(row -> row.id())
                .findFirst()
                .orElse(null));
    }

    /** What a field of a record holds; null for nothing, or no such record. */
    String value(String system, String stream, String id, String field) {
        return work(system, stream, rows -> {
            var row = rows.rows().get(id);
            return row == null ? null : row.value(field);
        });
    }

    int count(String system, String stream) {
        return work(system, stream, rows -> rows.rows().size());
    }

    /** @param cells in the order of {@link #FIELDS} */
    String create(String system, String stream, List<String> cells) {
        var values = new HashMap<String, String>();
        var names = FIELDS.get(system).get(stream.equals(ACCOUNTS) ? 0 : 1);
        for (int i = 0; i < names.size(); i++) if (!cells.get(i).isEmpty()) values.put(names.get(i), cells.get(i));
        return work(system, stream, rows -> rows.create(values));
    }

    void edit(String system, String stream, String id, String field, String value) {
        work(system, stream, rows -> {
            rows.edit(id, Map.of(field, value));
            return null;
        });
    }

    void delete(String system, String stream, String id) {
        work(system, stream, rows -> {
            rows.delete(id);
            return null;
        });
    }

    /** Merges as the system does it. @return id of the result; null if the system cannot */
    String merge(String system, String stream, String winner, String loser) {
        return work(system, stream, rows -> rows.merge(winner, loser));
    }

    void addField(String system, String stream, String name) {
        work(system, stream, rows -> {
            rows.become(rows.nature().withField(name));
            return null;
        });
    }

    private <T> T work(String system, String stream, Function<SimulatedSystem, T> work) {
        return apps.get(system).people(stream, work);
    }

    // what was there before

    /** The same companies and people in all three, but each system lacks some, and spells some its own way. */
    private void fill() {
        var accounts = rows("accounts");
        var contacts = rows("contacts");
        for (var system : apps.keySet()) {
            var ids = new HashMap<String, String>();
            for (var row : accounts) {
                if (!row.get(4).contains(system.substring(0, 1))) continue;
                ids.put(row.get(0), create(system, ACCOUNTS, row));
            }
            for (var row : contacts) {
                if (!row.get(5).contains(system.substring(0, 1)) || !ids.containsKey(row.get(4))) continue;
                var own = new ArrayList<>(row.subList(0, 4));
                own.add(ids.get(row.get(4)));
                create(system, CONTACTS, own);
            }
        }
    }

    private static List<List<String>> rows(String name) {
        return resource("story-" + name + ".csv")
                .lines()
                .skip(1)
                .map(line -> List.of(line.split(";", -1)))
                .toList();
    }

    static String resource(String name) {
        try (var in = StoryWorld.class.getResourceAsStream("/demo/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // what the hub sees

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(TYPE, "System of the story", List.of());
    }

    @Override
    public Connector open(String system, Map<String, Object> settings, ConnectorContext context)
            throws ConnectorException {
        var app = apps.get(system);
        if (app == null) throw new ConnectorException.Misconfigured("the story has the systems " + apps.keySet());
        return app.connector(new Line() {
            @Override
            public Fate request(String to, boolean writes) throws ConnectorException {
                if (reachable(to)) return Fate.ARRIVES;
                throw new ConnectorException.Transient(to + " does not answer: it is unplugged", null);
            }
        });
    }
}
