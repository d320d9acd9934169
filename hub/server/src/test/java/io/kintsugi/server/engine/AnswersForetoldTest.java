package io.kintsugi.server.engine;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.SchemaAnswer;
import io.kintsugi.server.config.SchemaAnswers;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fields come, go and are renamed while people edit; whatever is decided about them was foretold to the last value. */
class AnswersForetoldTest {
    private static final List<String> PEOPLE = List.of("anna", "bert", "cleo", "dora");
    private static final int DECISIONS = 5;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("kintsugi.seeds", 60));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("GOV-1: the dry run of an answer, or of going back to any version, tells exactly what is sent then")
    void toTheLastValue(long seed) {
        var random = new SplittableRandom(seed);
        var hub = new SchemaLife(new MemoryHubStore(), "crm", "erp");
        for (var name : PEOPLE) {
            hub.system("crm").edit(name, SchemaWritesContract.person(name));
            hub.system("erp").edit(name, SchemaWritesContract.person(name));
        }
        hub.settle();
        hub.system("erp").put(SchemaWritesContract.text("klasse"));
        hub.system("crm").put(SchemaWritesContract.text("segment"));
        if (random.nextBoolean()) hub.system("crm").rename("city", "town");
        hub.later();
        for (int step = 0; step < DECISIONS; step++) {
            for (int edits = random.nextInt(4); edits > 0; edits--) edit(hub, random);
            hub.later();
            hub.asForetold(decision(hub, random));
        }
    }

    private static void edit(SchemaLife hub, SplittableRandom random) {
        var system = random.nextBoolean() ? "crm" : "erp";
        var fields = hub.system(system).fields.keySet().stream()
                .filter(List.of("phone", "city", "town", "segment", "klasse")::contains)
                .sorted()
                .toList();
        var field = fields.get(random.nextInt(fields.size()));
        var value = field.equals("phone") ? "+48 58 555 01 0" + random.nextInt(10) : field + " " + random.nextInt(100);
        hub.system(system).edit(PEOPLE.get(random.nextInt(PEOPLE.size())), Map.of(field, value));
    }

    private static Consumer<SchemaAnswers> decision(SchemaLife hub, SplittableRandom random) {
        var items = hub.inbox.items();
        var system = random.nextBoolean() ? "crm" : "erp";
        var versions = hub.versions(system);
        if (items.isEmpty() || !versions.isEmpty() && random.nextInt(3) == 0) {
            if (versions.isEmpty()) return answers -> {};
            long to = versions.get(random.nextInt(versions.size())).version();
            return answers -> answers.rollBack(
                    system, SimulatedSystem.STREAM, to, versions.get(0).version(), "bob");
        }
        var item = items.get(random.nextInt(items.size()));
        boolean gone = item.changeOrNull().breaking();
        var answer = gone
                ? item.candidates().isEmpty() || random.nextBoolean()
                        ? new SchemaAnswer.Drop()
                        : new SchemaAnswer.RenamedTo(item.candidates().get(0).field())
                : random.nextInt(3) == 0 ? new SchemaAnswer.Agree() : SchemaWritesContract.SEGMENT;
        return answers -> answers.answer(item.id(), answer, "ann");
    }
}
