package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.sync.Absorb.Disposition;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SyncTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordKey KEY = new RecordKey("erp", "contact", "1");
    private static final Function<String, AttributeType> TYPES = name -> switch (name) {
        case "email" -> AttributeType.EMAIL;
        case "phone" -> AttributeType.PHONE;
        default -> AttributeType.TEXT;
    };

    private static Observation seen(Map<String, String> attributes, int seconds) {
        return new Observation(KEY, "people", attributes, T0.plusSeconds(seconds), null);
    }

    private static SourceRecord held(Map<String, String> attributes) {
        return SourceRecord.observed(KEY, "people", attributes, T0, T0, null);
    }

    @Test
    void theSameObservationTwiceChangesNothing() {
        var first = Absorb.absorb(null, seen(Map.of("city", "Oslo"), 1), null, TYPES, T0.plusSeconds(5));
        var second = Absorb.absorb(first.record(), seen(Map.of("city", "Oslo"), 1), null, TYPES, T0.plusSeconds(6));
        assertThat(first.disposition()).isEqualTo(Disposition.STORED);
        assertThat(second.disposition()).isEqualTo(Disposition.UNCHANGED);
        assertThat(second.record()).isEqualTo(first.record());
    }

    @Test
    void ourOwnValueComesBackAsEchoAndAPersonsChangeBesideItIsKept() {
        var intent = new Intent("w-1", Intent.Kind.UPDATE, Map.of("city", "Oslo"), Map.of("city", 7L), T0);
        var echo = Absorb.absorb(
                held(Map.of("city", "Bergen")), seen(Map.of("city", "Oslo"), 3), intent, TYPES, T0.plusSeconds(5));
        assertThat(echo.disposition()).isEqualTo(Disposition.ECHO);
        assertThat(echo.record().states().get("city").agreed()).isTrue();
        assertThat(echo.record().states().get("city").base()).isEqualTo(7);

        var mixed = Absorb.absorb(
                held(Map.of("city", "Bergen", "name", "A")),
                seen(Map.of("city", "Oslo", "name", "B"), 3),
                intent,
                TYPES,
                T0.plusSeconds(5));
        assertThat(mixed.disposition()).isEqualTo(Disposition.STORED);
        assertThat(mixed.record().states().get("city").copied()).isTrue();
        assertThat(mixed.record().states().get("name").copied()).isFalse();
    }

    @Test
    void anAttributeThatDidNotChangeKeepsItsTime() {
        var result = Absorb.absorb(
                held(Map.of("city", "Oslo", "name", "A")),
                seen(Map.of("city", "Oslo", "name", "B"), 50),
                null,
                TYPES,
                T0.plusSeconds(60));
        assertThat(result.record().states().get("city").changedAt()).isEqualTo(T0);
        assertThat(result.record().states().get("name").changedAt()).isEqualTo(T0.plusSeconds(50));
    }

    @Test
    void anAbsentFieldIsUnknownAndClearsNothing() {
        var result = Absorb.absorb(
                held(Map.of("city", "Oslo", "name", "A")),
                seen(Map.of("name", "A"), 9),
                null,
                TYPES,
                T0.plusSeconds(9));
        assertThat(result.record().attributes()).containsEntry("city", "Oslo");
        assertThat(result.disposition()).isEqualTo(Disposition.UNCHANGED);
    }

    @Test
    void aClockAheadOfOursIsCapped() {
        var result = Absorb.absorb(null, seen(Map.of("city", "Oslo"), 900), null, TYPES, T0.plusSeconds(5));
        assertThat(result.record().sourceAt()).isEqualTo(T0.plusSeconds(5));
    }

    @ParameterizedTest(name = "{0} {1} {2} same: {3}")
    @CsvSource({
        "EMAIL, A@x.org, a@X.org, true",
        "EMAIL, a@x.org, b@x.org, false",
        "PHONE, +1 415 555 0134, (415) 555-0134, true",
        "PHONE, 0134, 555 0134, false",
        "PHONE, +1 415 555 0134, +1 415 555 0135, false",
        "TEXT, oslo, Oslo, false",
        "FAMILY_NAME, Smith, SMITH, false",
    })
    void looseOnlyWhereFormatsCarryNoMeaning(AttributeType type, String a, String b, boolean same) {
        assertThat(Equivalence.same(type, a, b)).isEqualTo(same);
        assertThat(Equivalence.same(type, b, a)).isEqualTo(same);
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    /** Whatever a system makes of what it is given, one write brings it to rest (sync.md: fixed point). */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void oneWriteBringsASystemToRest(long seed) {
        var random = new Random(seed);
        var golden = new TreeMap<String, GoldenValue>();
        var attributes = new HashMap<String, String>();
        for (var attribute : List.of("city", "name", "email", "phone")) {
            if (random.nextInt(3) > 0) {
                golden.put(
                        attribute,
                        new GoldenValue("v" + random.nextInt(3), 1 + random.nextInt(9), KEY, T0, "LATEST", 1));
            }
            if (random.nextBoolean()) attributes.put(attribute, random.nextBoolean() ? "v" + random.nextInt(3) : "");
        }
        var writable = List.of("city", "name", "email");
        var target = random.nextInt(4) == 0 ? null : held(attributes);
        var plan = Outbound.plan(golden, target, writable, TYPES);
        if (plan.isEmpty()) return;
        var values = new HashMap<String, String>();
        var versions = new HashMap<String, Long>();
        plan.forEach((attribute, write) -> {
            values.put(attribute, write.value());
            versions.put(attribute, write.version());
        });
        var intent = new Intent("w", target == null ? Intent.Kind.CREATE : Intent.Kind.UPDATE, values, versions, T0);
        var stored = new HashMap<>(target == null ? Map.<String, String>of() : target.attributes());
        values.forEach((attribute, value) -> stored.put(attribute, rewrite(value, random)));
        var after = Outbound.confirm(
                target, KEY, "people", intent, seen(stored, 3), true, Map.of(), TYPES, T0.plusSeconds(4));
        assertThat(Outbound.plan(golden, after, writable, TYPES)).isEmpty();
        var again = Absorb.absorb(after, seen(stored, 3), null, TYPES, T0.plusSeconds(5));
        assertThat(again.disposition()).isEqualTo(Disposition.ECHO);
    }

    private static String rewrite(String value, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> value.toUpperCase();
            case 1 -> value + " *";
            case 2 -> "";
            default -> value;
        };
    }
}
