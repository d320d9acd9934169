package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final int MOST_PAGES = 20;

    /** The numbers from 0 on, forever. */
    private static Page<Integer> numbers(String cursor, int limit) {
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        return new Page<>(IntStream.range(from, from + limit).boxed().toList(), Integer.toString(from + limit));
    }

    @Test
    void allItemsOfAPageAreAskedAboutAtOnce() {
        var asked = new ArrayList<List<Integer>>();
        var page = new Scan(null, 3).selecting(ScanTest::numbers, items -> {
            asked.add(items);
            return items.stream().filter(item -> item == 7).toList();
        });
        assertThat(asked).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6, 7, 8));
        assertThat(page).isEqualTo(new Page<>(List.of(7), "9"));
    }

    @Test
    void aRequestThatFindsNothingEndsWithWhereToGoOn() {
        var page = new Scan("30", 3).matching(ScanTest::numbers, item -> false);
        assertThat(page).isEqualTo(new Page<>(List.of(), Integer.toString(30 + 3 * MOST_PAGES)));
    }
}
