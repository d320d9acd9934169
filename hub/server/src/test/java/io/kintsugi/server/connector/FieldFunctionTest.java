package io.kintsugi.server.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FieldFunctionTest {
    static Stream<FieldFunction> functions() {
        var all = new ArrayList<>(FieldFunction.all());
        all.add(FieldFunction.named("date:dd.MM.uuuu"));
        all.add(FieldFunction.named("map:M=male,F=female"));
        return all.stream();
    }

    /** The lens laws: reading twice is reading once, and what is written reads back as what was meant. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void everyFunctionKeepsTheLaws(FieldFunction function) {
        LongStream.range(0, 2000).forEach(seed -> {
            var text = text(new Random(seed));
            String canonical;
            try {
                canonical = function.read().apply(text);
            } catch (IllegalArgumentException e) {
                return; // refused values are parked
            }
            assertThat(function.read().apply(canonical))
                    .as("seed %s read twice", seed)
                    .isEqualTo(canonical);
            assertThat(function.read().apply(function.write().apply(canonical)))
                    .as("seed %s written and read", seed)
                    .isEqualTo(canonical);
        });
    }

    private static String text(Random random) {
        var parts = List.of(
                " ",
                "a",
                "É",
                "7",
                "0",
                "-",
                ".",
                "\u00a0",
                "M",
                "F",
                "male",
                "yes",
                "12.03.2024",
                "2024-03-12",
                "1.50",
                "x");
        var text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) text.append(parts.get(random.nextInt(parts.size())));
        return text.toString();
    }

    @Test
    void aDateInAnotherFormIsRefusedWithTheFormExpected() {
        assertThatThrownBy(() -> FieldFunction.named("date:dd.MM.uuuu").read().apply("03/12/2024"))
                .hasMessageContaining("dd.MM.uuuu");
        assertThatThrownBy(() -> FieldFunction.named("date:dd.MM.uuuu").read().apply("31.02.2024"))
                .hasMessageContaining("dd.MM.uuuu");
    }

    @Test
    void anUnknownFunctionNamesThoseThereAre() {
        assertThatThrownBy(() -> FieldFunction.named("trimm"))
                .hasMessageContaining("trim")
                .hasMessageContaining("map:");
    }

    @Test
    void aMapThatWouldNeedTwoStepsIsRefused() {
        assertThatThrownBy(() -> FieldFunction.named("map:a=b,b=c")).hasMessageContaining("one step");
    }
}
