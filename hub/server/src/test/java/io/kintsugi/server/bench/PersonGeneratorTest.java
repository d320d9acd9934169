package io.kintsugi.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.bench.PersonGenerator.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PersonGeneratorTest {
    private static final int ROWS = 12_000;

    private static List<Row> rows(long seed) {
        var rows = new ArrayList<Row>();
        new PersonGenerator(seed).generate(ROWS, rows::add);
        return rows;
    }

    @Test
    void theSameSeedMakesTheSameRows() {
        assertThat(rows(7)).isEqualTo(rows(7)).hasSize(ROWS);
        assertThat(rows(7)).isNotEqualTo(rows(8));
    }

    @Test
    void fewerRowsAreTheBeginningOfMore() {
        var few = new ArrayList<Row>();
        new PersonGenerator(7).generate(3, few::add);
        assertThat(few).isEqualTo(rows(7).subList(0, 3));
    }

    @Test
    void everyIdIsNewAndManyPersonsAreInSeveralSystems() {
        var ids = new HashSet<String>();
        for (var row : rows(7)) assertThat(ids.add(row.values().get("id"))).isTrue();
        long persons = rows(7).stream().map(Row::person).distinct().count();
        assertThat(persons).isBetween(ROWS / 3L, ROWS * 3L / 4);
        assertThat(rows(7).stream().map(row -> row.values().get("source")).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("crm", "shop", "support", "billing");
    }

    @Test
    void commonNamesAreCommonAndSystemsLackDifferentThings() {
        var names = count(row -> row.values().get("last_name"));
        assertThat(names.get("Smith")).isGreaterThan(names.getOrDefault("Rosenthal", 0L) + 20);
        assertThat(names.size()).isGreaterThan(2000);
        assertThat(lacking("crm")).isLessThan(lacking("support"));
    }

    private static double lacking(String source) {
        return rows(7).stream()
                .filter(row -> row.values().get("source").equals(source))
                .mapToInt(row -> row.values().get("email").isEmpty() ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static Map<String, Long> count(Function<Row, String> what) {
        return rows(7).stream().collect(Collectors.groupingBy(what, Collectors.counting()));
    }
}
