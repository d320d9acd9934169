package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.SchemaAnswer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories of systems that are edited while their fields vanish, come back and get other names. */
class SchemaHistoryTest {
    private static final List<String> RECORDS = List.of("anna", "bert", "cleo");
    private static final List<String> FIELDS = List.of("phone", "city");

    private final Map<String, String> expected = new TreeMap<>();
    private final Map<String, FieldDef> hidden = new LinkedHashMap<>();
    private SchemaLife hub;
    private Random random;
    private boolean renamed;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "SCH-2, SCH-3: whatever fields come, go and are renamed while people edit, every last edit is everywhere in the end")
    void nothingIsLost(long seed) {
        random = new Random(seed);
        hub = new SchemaLife(new MemoryHubStore(), "crm", "erp");
        for (var name : RECORDS) {
            for (var system : hub.systems.values()) system.edit(name, person(name));
        }
        hub.settle();
        for (int step = 0; step < 40; step++) {
            act();
            if (random.nextInt(3) == 0) hub.turn(random.nextBoolean() ? "crm" : "erp");
            if (random.nextInt(6) == 0) hub.settle();
            if (random.nextInt(12) == 0) hub.start();
            hub.clock.advance(Duration.ofSeconds(1 + random.nextInt(200)));
        }
        hidden.forEach((name, field) -> system(name).fields.put(field.name(), field));
        hidden.clear();
        hub.later().later();
        if (renamed && hub.open().contains("crm.city REMOVED")) hub.answer("city", new SchemaAnswer.RenamedTo("town"));
        hub.settle().later();
        assertThat(hub.open()).isEmpty();
        assertThat(hub.trouble).isEmpty();
        expected.forEach((place, value) -> {
            var parts = place.split(" ");
            for (var system : hub.systems.keySet()) {
                var field = system.equals("crm") && renamed && parts[1].equals("city") ? "town" : parts[1];
                assertThat(system(system).value(parts[0], field))
                        .as(place + " in " + system)
                        .isEqualTo(value);
            }
        });
    }

    private SimulatedSystem system(String name) {
        return hub.system(name);
    }

    private static Map<String, Object> person(String name) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("first", name);
        fields.put("last", "Kowalski-" + name);
        fields.put("email", name + "@acme.example");
        fields.put("phone", null);
        fields.put("city", "Gdansk " + name);
        return fields;
    }

    private void act() {
        switch (random.nextInt(8)) {
            case 0 -> hide(random.nextBoolean() ? "crm" : "erp", FIELDS.get(random.nextInt(2)));
            case 1 -> show();
            case 2 -> rename();
            default -> edit();
        }
    }

    private void hide(String name, String field) {
        if (hidden.containsKey(name) || !system(name).fields.containsKey(field) || renamed) return;
        hidden.put(name, system(name).fields.remove(field));
        system(name).schema.drifts = random.nextBoolean();
    }

    private void show() {
        var names = List.copyOf(hidden.keySet());
        if (names.isEmpty()) return;
        var name = names.get(random.nextInt(names.size()));
        var field = hidden.remove(name);
        system(name).fields.put(field.name(), field);
    }

    private void rename() {
        if (renamed || hidden.containsKey("crm") || random.nextInt(2) == 0) return;
        renamed = true;
        system("crm").rename("city", "town");
    }

    /** Each place has one system where people edit it, because records tell only when they changed as a whole. */
    private void edit() {
        var record = RECORDS.get(random.nextInt(RECORDS.size()));
        var field = FIELDS.get(random.nextInt(FIELDS.size()));
        var home = (record + field).hashCode() % 2 == 0 ? "crm" : "erp";
        var value = field.equals("phone")
                ? "+48 58 555 %04d".formatted(random.nextInt(10_000))
                : "Town " + random.nextInt(1000);
        var name = home.equals("crm") && renamed && field.equals("city") ? "town" : field;
        system(home).edit(record, Map.of(name, value));
        expected.put(record + " " + field, value);
    }
}
