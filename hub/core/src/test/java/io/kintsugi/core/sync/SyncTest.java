package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.survivorship.Survivorship;
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
import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("SYN-1: an edit that is told right after a record came back is taken in, whatever its last write was")
    void whatIsToldAfterARecordCameBack() {
        var last = new Intent("w-1", Intent.Kind.UPDATE, Map.of("city", "Oslo"), Map.of("city", 7L), T0);
        var gone = held(Map.of("city", "Bergen")).withState(RecordState.DELETED);
        var back = Absorb.absorb(gone, seen(Map.of("city", "Bergen"), 3), last, TYPES, T0.plusSeconds(9))
                .record();
        assertThat(back.state()).isEqualTo(RecordState.LIVE);
        var edited = Absorb.absorbFurther(back, seen(Map.of("city", "Tromsø"), 4), last, TYPES, T0.plusSeconds(9));
        assertThat(edited.disposition()).isEqualTo(Disposition.STORED);
        assertThat(edited.record().value("city")).isEqualTo("Tromsø");
        var late = Absorb.absorbFurther(back, seen(Map.of("city", "Oslo"), 4), last, TYPES, T0.plusSeconds(9));
        assertThat(late.disposition()).isEqualTo(Disposition.ECHO);
        assertThat(late.record().states().get("city").copied()).isTrue();
        assertThat(Absorb.absorb(back, seen(Map.of("city", "Tromsø"), 4), last, TYPES, T0.plusSeconds(9))
                        .record()
                        .value("city"))
                .as("one that is open is left to whoever closes it")
                .isEqualTo("Bergen");
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
        "PHONE, 0049 30 1234567, (030) 1234567, true",
        "PHONE, 1234567, 030 1234567, false",
        "PHONE, +49 30 1234567, +30 1234567, false",
        "PHONE, 030 1234567, 30-1234567, true",
        "PHONE, +1 555 0134567, 0134567, false",
        "PHONE, +1 415 555 0134, +1 415 555 0135, false",
        "TEXT, oslo, Oslo, false",
        "FAMILY_NAME, Smith, SMITH, false",
    })
    void looseOnlyWhereFormatsCarryNoMeaning(AttributeType type, String a, String b, boolean same) {
        assertThat(Equivalence.same(type, a, b)).isEqualTo(same);
        assertThat(Equivalence.same(type, b, a)).isEqualTo(same);
    }

    private static Intent sent(String attribute, String value, long version) {
        return new Intent("w-1", Intent.Kind.UPDATE, Map.of(attribute, value), Map.of(attribute, version), T0);
    }

    @Test
    @DisplayName(
            "SYN-3: under an open write a value that is neither the old one nor the sent one is left to whoever reads the outcome")
    void anOpenIntentProvesOnlyItsOwnValue() {
        var prior = held(Map.of("name", "Macdonald"));
        for (var edit : List.of("McDonald", "MCDONAL", "MCDONALD ")) {
            var result = Absorb.absorb(
                    prior, seen(Map.of("name", edit), 3), sent("name", "MCDONALD", 7), TYPES, T0.plusSeconds(5));
            assertThat(result.disposition()).isEqualTo(Disposition.UNCHANGED);
            assertThat(result.record()).isEqualTo(prior);
        }
        var versioned = SourceRecord.observed(KEY, "people", prior.attributes(), T0, T0, "1");
        var edited = new Observation(KEY, "people", Map.of("name", "McDonald"), T0.plusSeconds(3), "2");
        assertThat(Absorb.absorb(versioned, edited, sent("name", "MCDONALD", 7), TYPES, T0.plusSeconds(5))
                        .record()
                        .version())
                .as("a write that names it is refused, if the open one turns out not to have been tried")
                .isEqualTo("1");
        var after = Absorb.absorb(prior, seen(Map.of("name", "McDonald"), 3), null, TYPES, T0.plusSeconds(5));
        assertThat(after.record().states().get("name").copied()).isFalse();
        assertThat(after.record().value("name")).isEqualTo("McDonald");
    }

    @Test
    @DisplayName("DA-2: a value that did not change never gets a newer time, also if its own time is unknown")
    void anUnchangedValueWithoutATimeStaysWithoutOne() {
        var prior = SourceRecord.observed(KEY, "people", Map.of("city", "Oslo", "name", "A"), null, T0, null);
        var result =
                Absorb.absorb(prior, seen(Map.of("city", "Oslo", "name", "B"), 50), null, TYPES, T0.plusSeconds(60));
        var edited = SourceRecord.observed(
                new RecordKey("crm", "contact", "1"), "people", Map.of("city", "Bergen"), T0.plusSeconds(40), T0, null);
        var authority = new AuthorityPolicy(
                "contact", 1, new AuthorityPolicy.Rule(AuthorityPolicy.Strategy.LATEST, List.of()), Map.of());
        var city = Survivorship.survive(List.of(result.record(), edited), authority, List.of(), T0)
                .choices()
                .get("city");
        assertThat(city.value()).isEqualTo("Bergen");
    }

    @Test
    @DisplayName(
            "SYN-3: what a system does not show after a confirmed write counts as written and is not written again")
    void aSparseReaderRests() {
        var golden = new TreeMap<>(Map.of("phone", new GoldenValue("+1 415 555 0134", 7, KEY, T0, "LATEST", 1)));
        var after = Outbound.confirm(
                held(Map.of("name", "A")),
                KEY,
                "people",
                sent("phone", "+1 415 555 0134", 7),
                seen(Map.of("name", "A"), 3),
                true,
                Map.of(),
                TYPES,
                T0.plusSeconds(4));
        assertThat(Outbound.plan(golden, after, List.of("phone"), TYPES)).isEmpty();
        assertThat(after.states().get("phone").agreed()).isTrue();
    }

    @Test
    @DisplayName("SYN-3: agreement is on a version; a newer version of the golden is written")
    void aNewerVersionIsWritten() {
        var agreed = Outbound.confirm(
                held(Map.of("city", "Bergen")),
                KEY,
                "people",
                sent("city", "Oslo", 7),
                seen(Map.of("city", "OSLO"), 3),
                true,
                Map.of(),
                TYPES,
                T0.plusSeconds(4));
        var same = new TreeMap<>(Map.of("city", new GoldenValue("Oslo", 7, KEY, T0, "LATEST", 1)));
        var newer = new TreeMap<>(Map.of("city", new GoldenValue("Oslo-Vest", 8, KEY, T0, "LATEST", 1)));
        assertThat(Outbound.plan(same, agreed, List.of("city"), TYPES)).isEmpty();
        assertThat(Outbound.plan(newer, agreed, List.of("city"), TYPES))
                .containsExactly(Map.entry("city", new Outbound.Write("Oslo-Vest", 8)));
    }

    @Test
    @DisplayName("SYN-3: an unproven value is no original, is not overwritten, and waits for a person")
    void anUnprovenValueIsHeld() {
        var after = Outbound.confirm(
                held(Map.of("city", "Bergen", "name", "A")),
                KEY,
                "people",
                sent("city", "Gdansk", 7),
                seen(Map.of("city", "Oslo", "name", "B"), 3),
                false,
                Map.of(),
                TYPES,
                T0.plusSeconds(40));
        var golden = new TreeMap<>(Map.of("city", new GoldenValue("Gdansk", 7, KEY, T0, "LATEST", 1)));
        assertThat(after.value("city")).isEqualTo("Oslo");
        assertThat(after.states().get("city").copied()).isTrue();
        assertThat(after.states().get("city").agreed()).isFalse();
        assertThat(after.states().get("city").sent()).isEqualTo("Gdansk");
        assertThat(Outbound.held(after)).containsExactly("city");
        assertThat(Outbound.plan(golden, after, List.of("city"), TYPES)).isEmpty();
        assertThat(Outbound.hold(after, "city"))
                .as("what is left alone for another reason is still to be asked")
                .isEqualTo(after);
        assertThat(after.states().get("name").changedAt())
                .as("somebody's change is as old as the system says")
                .isEqualTo(T0.plusSeconds(3));
        // by a click it is written; by an edit in the system it is that edit
        assertThat(Outbound.plan(golden, Outbound.released(after), List.of("city"), TYPES))
                .containsKey("city");
        var edited = Absorb.absorb(after, seen(Map.of("city", "Sopot"), 50), null, TYPES, T0.plusSeconds(60));
        assertThat(Outbound.held(edited.record())).isEmpty();
        assertThat(edited.record().states().get("city").copied()).isFalse();
    }

    @Test
    @DisplayName(
            "DEL-8: a record that a person may have made is not the hub's to delete, whatever is said of its values")
    void whatAPersonMayHaveMadeIsTheirs() {
        var values = Map.of("city", "Gdansk", "name", "A");
        var create = new Intent("w-1", Intent.Kind.CREATE, values, Map.of("city", 7L, "name", 3L), T0);
        for (boolean surely : new boolean[] {true, false}) {
            var after = Outbound.confirm(
                    null,
                    KEY,
                    "people",
                    create,
                    seen(Map.of("city", "Oslo", "name", "A"), 3),
                    surely,
                    Map.of(),
                    TYPES,
                    T0.plusSeconds(40));
            assertThat(DeletePlan.isMade(after)).isEqualTo(surely);
            var edited = Absorb.absorb(after, seen(Map.of("city", "Sopot"), 50), null, TYPES, T0.plusSeconds(60));
            assertThat(DeletePlan.isMade(edited.record())).isEqualTo(surely);
            assertThat(DeletePlan.isMade(Outbound.released(after))).isEqualTo(surely);
        }
        var more = Map.of("city", "Gdansk", "name", "A", "note", "mine");
        for (var found : List.of(values, more)) {
            assertThat(DeletePlan.isMade(Outbound.confirm(
                            null, KEY, "people", create, seen(found, 3), false, Map.of(), TYPES, T0.plusSeconds(40))))
                    .isEqualTo(found == values);
        }
    }

    @Test
    @DisplayName(
            "SYN-3: what is as its system had said it before an unproven write is its word, and not overwritten before a person says so")
    void whatIsAsItWasIsNotMadeACopy() {
        var told = held(Map.of("city", "Bergen", "name", "A"));
        var since = AttributeState.original(T0.plusSeconds(2), 0);
        for (var before : List.of(told, told.withStates(Map.of("city", since)))) {
            var after = Outbound.confirm(
                    before,
                    KEY,
                    "people",
                    sent("city", "Gdansk", 7),
                    seen(Map.of("city", "Bergen", "name", "B"), 3),
                    false,
                    Map.of(),
                    TYPES,
                    T0.plusSeconds(40));
            assertThat(Outbound.held(after)).containsExactly("city");
            assertThat(Outbound.released(after).states().get("city"))
                    .isEqualTo(before == told ? AttributeState.original(T0, 0) : since);
        }
    }

    @Test
    @DisplayName("SYN-3: what a system says itself stays its word when a write of the same value is found there")
    void whatIsSaidIsNotMadeACopy() {
        var states = Map.of("city", AttributeState.original(T0.plusSeconds(2), 0));
        var merged = held(Map.of("city", "Oslo")).withStates(states);
        var after = Outbound.confirm(
                merged,
                KEY,
                "people",
                sent("city", "Oslo", 7),
                seen(Map.of("city", "Oslo"), 3),
                true,
                Map.of(),
                TYPES,
                T0.plusSeconds(40));
        assertThat(after.states().get("city")).isEqualTo(AttributeState.original(T0.plusSeconds(2), 7));
    }

    @Test
    @DisplayName("SYN-3: somebody of the same household is not what a create without a key made")
    void whoSharesAnAddressWasNotMade() {
        var sent = Map.of("email", "home@acme.example", "name", "Anna Kowalski", "city", "Bergen");
        var create = new Intent("w-1", Intent.Kind.CREATE, sent, Map.of(), T0);
        var made = Map.of("email", "home@acme.example", "name", "ANNA KOWALSKI", "city", "Berg");
        var edited = Map.of("email", "home@acme.example", "name", "Anna Kowalski", "city", "Oslo");
        var housemate = Map.of("email", "home@acme.example", "name", "Piotr Vasquez", "city", "Oslo");
        assertThat(Outbound.mayHaveMade(create, seen(made, 3), TYPES)).isTrue();
        assertThat(Outbound.mayHaveMade(create, seen(edited, 3), TYPES)).isTrue();
        assertThat(Outbound.mayHaveMade(create, seen(housemate, 3), TYPES)).isFalse();
        assertThat(Outbound.mayHaveMade(create.confirmed("2", "1"), seen(made, 3), TYPES))
                .as("the system has named another one")
                .isFalse();
        assertThat(Outbound.mayHaveMade(create.confirmed(KEY.externalId(), null), seen(housemate, 3), TYPES))
                .isTrue();
    }

    @Test
    @DisplayName("SYN-3: without proof, what systems commonly make of a value is its image, anything else is not")
    void anImageIsKnownByItsLooks() {
        for (var image : List.of("Gdansk (P", "GDANSK (PL)", " Gdansk (PL)  ", "gdansk-pl", "Gdansk PL")) {
            assertThat(Equivalence.looksLikeImage(AttributeType.CITY, "Gdansk (PL)", image))
                    .as(image)
                    .isTrue();
        }
        for (var other : List.of("", " ", "Oslo", "Gdynia", "PL", "Gdansk (PL) old")) {
            assertThat(Equivalence.looksLikeImage(AttributeType.CITY, "Gdansk (PL)", other))
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    @DisplayName(
            "SYN-6: what is not younger than what is known, and differs, may be old, as may all that is told of what is gone")
    void oldNewsIsDoubted() {
        var known = held(Map.of("city", "Bergen"));
        assertThat(Absorb.doubtful(known, seen(Map.of("city", "Oslo"), 0))).isTrue();
        assertThat(Absorb.doubtful(known, seen(Map.of("city", "Bergen"), 0))).isFalse();
        assertThat(Absorb.doubtful(known, seen(Map.of("city", "Oslo"), 1))).isFalse();
        assertThat(Absorb.doubtful(null, seen(Map.of("city", "Oslo"), 0))).isFalse();
        for (var state : RecordState.values()) {
            assertThat(Absorb.doubtful(known.withState(state), seen(Map.of("city", "Bergen"), 1)))
                    .as(state.name())
                    .isEqualTo(state.gone());
        }
    }

    @ParameterizedTest(name = "{0} -> {2}")
    @CsvSource({
        "Gdansk, , ARRIVED",
        "GDANSK, , UNCLEAR",
        "GDANSK, GDANSK, ARRIVED",
        "Bergen, , MISSING",
        "Sopot, , UNCLEAR",
        ", , MISSING",
    })
    void whatAReadingSaysOfAWriteWithoutAReply(String city, String image, Outbound.Arrival arrival) {
        var reading = city == null ? Map.of("name", "A") : Map.of("city", city);
        assertThat(Outbound.arrival(
                        held(Map.of("city", "Bergen")),
                        sent("city", "Gdansk", 7),
                        image == null ? Map.of() : Map.of("city", image),
                        seen(reading, 3),
                        TYPES))
                .isEqualTo(arrival);
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
        if (random.nextInt(3) == 0) stored.remove(values.keySet().iterator().next()); // a reader that does not show all
        var after = Outbound.confirm(
                target,
                KEY,
                "people",
                intent,
                seen(stored, 3),
                random.nextBoolean(),
                Map.of(),
                TYPES,
                T0.plusSeconds(4));
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
