package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * Two hubs live the same history of three to six accounts and their contacts; in one of them a steward merges accounts meanwhile, merges
 * the merged ones, and takes all of it back in any order. Runs in memory and on the graph.
 */
abstract class ManyMergesContract {
    static final String MERGES_OF_MERGES =
            "MRG-8, MRG-4: after merges of merges are taken back in any order all is as if they had not been";
    private static final List<String> SYSTEMS = List.of("crm", "erp", "web");
    private static final List<Map<String, Object>> COMPANIES = List.of(
            Map.of("name", "Acme Fittings GmbH", "taxId", "DE811223344"),
            Map.of("name", "Bolt & Sons Ltd", "taxId", "GB99887766"),
            Map.of("name", "Cobalt Dyes SpA", "taxId", "IT01234567890"),
            Map.of("name", "Dunes Travel SARL", "taxId", "FR40303265045"),
            Map.of("name", "Elk Timber AB", "taxId", "SE556677889901"),
            Map.of("name", "Fjord Seafood AS", "taxId", "NO923609016"));

    /** A store that holds nothing, for the hub that merges; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** As many histories as the store allows in a test of seconds. */
    static LongStream seeds(long most) {
        return LongStream.range(0, Long.getLong("kintsugi.seeds", most));
    }

    private static String key(String system, int company) {
        return system + ":account:" + id(company);
    }

    private static String id(int company) {
        return "a" + company;
    }

    /** One history, drawn so that a seed is always the same. */
    private final class Life {
        final SplittableRandom random;
        final int companies;
        final RelatedSystems without = new RelatedSystems(new MemoryHubStore(), false, false, "crm", "erp", "web");
        final RelatedSystems with = new RelatedSystems(emptyStore(), false, false, "crm", "erp", "web");
        final List<String> goldens = new ArrayList<>();
        final List<MergeEvent> standing = new ArrayList<>();
        final TreeMap<String, Integer> contacts = new TreeMap<>();
        int number = 100;

        Life(long seed) {
            random = new SplittableRandom(seed);
            companies = 3 + random.nextInt(4);
        }

        List<RelatedSystems> hubs() {
            return List.of(without, with);
        }

        void live() {
            for (int company = 0; company < companies; company++) {
                for (var system : SYSTEMS) if (random.nextInt(3) == 0) arrives(system, company);
                arrives(SYSTEMS.get(random.nextInt(3)), company);
                settle();
                goldens.add(anyOf(with, company).id());
            }
            for (int company = 0; company < companies; company++) if (random.nextBoolean()) works(company);
            settle();
            for (int company = 0; company < companies; company++) if (random.nextInt(4) == 0) give(company);
            while (standing.size() < companies - 1) {
                merge();
                if (random.nextInt(4) == 0) unmerge();
                for (int i = random.nextInt(3); i > 0; i--) happens();
            }
            while (!standing.isEmpty()) {
                unmerge();
                for (int i = random.nextInt(3); i > 0; i--) happens();
            }
            settle();
        }

        private void happens() {
            int company = random.nextInt(companies);
            var system = SYSTEMS.get(random.nextInt(3));
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    if (isThere(system, company)) edit(system, company, Map.of("city", city()));
                }
                case 3 -> {
                    if (!isThere(system, company)) arrives(system, company);
                }
                case 4 -> works(company);
                default -> give(company);
            }
            if (random.nextInt(4) > 0) settle();
        }

        private String city() {
            return "City " + number++;
        }

        private boolean isThere(String system, int company) {
            return with.accounts(system).records().containsKey(id(company));
        }

        private void arrives(String system, int company) {
            if (isThere(system, company)) return;
            var fields = new HashMap<>(COMPANIES.get(company));
            if (random.nextInt(3) > 0) fields.put("city", city());
            edit(system, company, fields);
        }

        private void edit(String system, int company, Map<String, Object> fields) {
            tick();
            for (var hub : hubs()) hub.accounts(system).edit(id(company), fields);
        }

        /** Somebody whom one system alone knows works for a company from now on. */
        private void works(int company) {
            var system = SYSTEMS.get(random.nextInt(3));
            if (!isThere(system, company)) return;
            var who = system + "p" + random.nextInt(companies);
            tick();
            for (var hub : hubs()) {
                hub.contacts(system)
                        .edit(
                                who,
                                Map.of(
                                        "lastName",
                                        "Person" + who,
                                        "email",
                                        who + "@people.example",
                                        "account",
                                        id(company)));
            }
            contacts.put(system + ":contact:" + who, company);
        }

        /** A steward says where a company is, or a merged one, which is then said of the one that bears its id. */
        private void give(int company) {
            settle();
            var bearer = goldens.indexOf(anyOf(with, company).id());
            var city = city();
            for (var hub : hubs()) {
                var golden = anyOf(hub, bearer);
                hub.stewardship.giveValue(golden.id(), golden.revision(), "city", city, null, null, null, "sam");
            }
            settle();
        }

        private void merge() {
            settle();
            var ids = new ArrayList<>(new TreeSet<>(goldensNow()));
            if (ids.size() < 2) return;
            var one = ids.remove(random.nextInt(ids.size()));
            var other = ids.remove(random.nextInt(ids.size()));
            var all = new ArrayList<>(List.of(one, other));
            if (!ids.isEmpty() && random.nextInt(6) == 0) all.add(ids.get(0));
            standing.add(with.stewardship.merge(all, random.nextBoolean() ? null : one, Map.of(), "same", "sam"));
            if (random.nextInt(4) > 0) settle();
            requireTree();
        }

        private void unmerge() {
            if (standing.isEmpty()) return;
            var event = standing.get(random.nextInt(standing.size()));
            var mode = random.nextInt(4) == 0 ? UnmergeMode.TREE : UnmergeMode.SINGLE;
            var undone = mode == UnmergeMode.TREE ? tree(event) : List.of(event.id());
            var preview = with.stewardship.previewUnmerge(event.id(), mode);
            if (preview.merges().size() > undone.size()) return; // the rules made a merge below: they would again
            assertThat(preview.merges()).containsExactlyInAnyOrderElementsOf(undone);
            var holder = with.store.read(tx -> {
                var id = tx.goldens().currentId(event.survivor());
                return tx.goldens().find(List.of(id)).get(id);
            });
            tick();
            with.stewardship.unmerge(event.id(), mode, holder.revision(), "not the same", "sam");
            standing.removeIf(merge -> undone.contains(merge.id()));
            requireTree();
            preview.goldenOfRecord().forEach((record, id) -> assertThat(
                            with.golden(record.toString()).id())
                    .as("previewed of " + record)
                    .isEqualTo(id));
            if (random.nextInt(4) > 0) settle();
            requireTree();
        }

        /** A merge and the standing ones that made the goldens it absorbed. */
        private List<String> tree(MergeEvent event) {
            var ids = new ArrayList<>(List.of(event.id()));
            for (var below : standing) {
                if (event.absorbed().contains(below.survivor()) && below.at().isBefore(event.at()))
                    ids.addAll(tree(below));
            }
            return ids;
        }

        /** What is one is what standing merges say, under the id of the one that none of them absorbed. */
        private void requireTree() {
            var into = new HashMap<String, String>();
            for (var merge : standing) for (var id : merge.absorbed()) into.put(id, merge.survivor());
            for (int company = 0; company < companies; company++) {
                var id = goldens.get(company);
                while (into.containsKey(id)) id = into.get(id);
                for (var system : SYSTEMS) {
                    var golden = with.golden(key(system, company));
                    if (golden == null || !goldens.contains(golden.id())) continue; // arrived while merged, fits later
                    assertThat(golden.id()).as(key(system, company)).isEqualTo(id);
                    assertThat(golden.state()).isEqualTo(GoldenState.ACTIVE);
                }
            }
        }

        private List<String> goldensNow() {
            var ids = new ArrayList<String>();
            for (int company = 0; company < companies; company++)
                ids.add(anyOf(with, company).id());
            return ids;
        }

        /** The golden of the record of a company that was there first. */
        private GoldenRecord anyOf(RelatedSystems hub, int company) {
            GoldenRecord found = null;
            for (var system : SYSTEMS) {
                var golden = hub.golden(key(system, company));
                if (golden != null && (found == null || golden.createdAt().isBefore(found.createdAt()))) found = golden;
            }
            return found;
        }

        /** The clock of both hubs goes the same way. */
        private void tick() {
            var until = without.clock.instant();
            if (with.clock.instant().isAfter(until)) until = with.clock.instant();
            until = until.plus(Duration.ofSeconds(30));
            for (var hub : hubs()) hub.clock.advance(Duration.between(hub.clock.instant(), until));
        }

        private void settle() {
            for (var hub : hubs()) hub.settle();
            tick();
        }

        /** What is known of each company, and who works there. */
        private Map<String, String> known(RelatedSystems hub) {
            var known = new TreeMap<String, String>();
            var names = new HashMap<String, String>();
            for (int company = 0; company < companies; company++) {
                for (var system : SYSTEMS) {
                    var golden = hub.golden(key(system, company));
                    if (golden == null) continue;
                    var values = new TreeMap<String, String>();
                    golden.values().forEach((attribute, value) -> values.put(attribute, value.value()));
                    names.put(golden.id(), id(company));
                    known.put(
                            key(system, company),
                            golden.id().equals(anyOf(hub, company).id()) + " " + golden.state() + " " + values + " "
                                    + given(golden, anyOf(hub, company).id()));
                }
            }
            for (var contact : contacts.keySet()) {
                known.put(contact, names.get(hub.golden(contact).value("account")));
            }
            return known;
        }

        private String given(GoldenRecord golden, String own) {
            return golden.stewardValues().stream()
                    .filter(StewardValue::holds)
                    .map(given -> given.attribute() + "=" + given.value()
                            + given.golden().equals(own))
                    .sorted()
                    .toList()
                    .toString();
        }

        /** What each system holds, by record; an empty field is as good as none. */
        private Map<String, Map<String, Object>> held(RelatedSystems hub) {
            var held = new TreeMap<String, Map<String, Object>>();
            for (var name : SYSTEMS) {
                for (var system : List.of(hub.accounts(name), hub.contacts(name))) {
                    system.records().forEach((id, record) -> {
                        var fields = new TreeMap<String, Object>();
                        record.fields().forEach((field, value) -> {
                            if (value != null && !value.toString().isEmpty()) fields.put(field, value);
                        });
                        held.put(name + " " + id, fields);
                    });
                }
            }
            return held;
        }
    }

    /** Lives a history and compares the two hubs. */
    void allTakenBack(long seed) {
        var life = new Life(seed);
        life.live();
        for (int company = 0; company < life.companies; company++) {
            assertThat(life.anyOf(life.with, company).id()).isEqualTo(life.goldens.get(company));
        }
        assertThat(life.known(life.with)).isEqualTo(life.known(life.without));
        assertThat(life.held(life.with)).isEqualTo(life.held(life.without));
    }
}
