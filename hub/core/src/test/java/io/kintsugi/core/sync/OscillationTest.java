package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OscillationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<GoldenRevision> history = new ArrayList<>();

    /** One more change, later than all before. */
    private void change(Duration ago, String system, String value) {
        change(Cause.UPDATED, ago, system, value);
    }

    private void change(Cause cause, Duration ago, String system, String value) {
        var key = new RecordKey(system, "contact", "1");
        var change = new ValueChange("phone", "before", value, key);
        history.add(
                0,
                new GoldenRevision(
                        "g",
                        "contact",
                        0,
                        history.size(),
                        NOW.minus(ago),
                        cause,
                        List.of(change),
                        List.of(),
                        List.of(),
                        null,
                        null));
    }

    private boolean loops() {
        return Oscillation.find("phone", history, NOW).isPresent();
    }

    @Test
    @DisplayName(
            "SYN-4: the fourth time that a system sets the same value within six hours is a loop, and its systems are named")
    void theSameAgain() {
        for (int i = 0; i < 4; i++) {
            change(Duration.ofMinutes(300 - 60 * i), "crm", "one");
            if (i == 3) break;
            assertThat(loops()).isFalse();
            change(Duration.ofMinutes(280 - 60 * i), "erp", "two");
        }
        var loop = Oscillation.find("phone", history, NOW).orElseThrow();
        assertThat(loop.systems()).containsExactly("crm", "erp");
        assertThat(loop.changes()).isEqualTo(7);
        assertThat(loop.since()).isEqualTo(NOW.minus(Duration.ofMinutes(300)));
    }

    @Test
    @DisplayName(
            "SYN-4: a person who changes one's mind three times is no loop, nor is a value that comes back on another day")
    void peopleAreNoLoop() {
        for (int day = 0; day < 9; day++) {
            change(Duration.ofHours(8L * (9 - day)), "crm", "one");
            change(Duration.ofHours(8L * (9 - day)).minusMinutes(1), "crm", "two");
        }
        assertThat(loops()).isFalse();
    }

    @Test
    @DisplayName(
            "SYN-4: two systems that take turns twelve times within an hour are a loop, whatever the values; one alone is none")
    void aCounter() {
        for (int i = 0; i < 30; i++) change(Duration.ofMinutes(55), "crm", "reading " + i % 3);
        assertThat(loops()).isFalse();
        history.clear();
        for (int i = 0; i < 12; i++) {
            assertThat(loops()).isFalse();
            change(Duration.ofMinutes(50 - i), i % 2 == 0 ? "crm" : "erp", "value " + i);
        }
        assertThat(loops()).isFalse();
        change(Duration.ofMinutes(1), "crm", "one more");
        assertThat(loops()).isTrue();
    }

    @Test
    @DisplayName("SYN-4: another attribute of the same golden record is not concerned")
    void others() {
        for (int i = 0; i < 20; i++) change(Duration.ofMinutes(40 - i), "crm", "one");
        assertThat(Oscillation.find("email", history, NOW)).isEmpty();
        assertThat(Oscillation.find("phone", List.of(), NOW)).isEmpty();
    }

    @Test
    @DisplayName("SYN-4: a steward who merges and takes back, however often, is no loop")
    void mergesAreNoLoop() {
        for (int i = 0; i < 12; i++) {
            change(
                    i % 2 == 0 ? Cause.ABSORBED : Cause.SPLIT,
                    Duration.ofMinutes(50 - i),
                    i % 2 == 0 ? "crm" : "erp",
                    "v");
        }
        assertThat(loops()).isFalse();
    }

    private final List<Oscillation.Held> held = new ArrayList<>();

    private boolean pushesBack(String value) {
        var systems = new TreeSet<>(List.of("crm", "erp"));
        return Oscillation.pushedBack("phone", value, held, systems, NOW).isPresent();
    }

    @Test
    @DisplayName(
            "SYN-4: the fourth time that a system sets what was written over is a loop, and a change of mind is none")
    void setAgain() {
        for (int i = 0; i < 3; i++) {
            held.add(0, new Oscillation.Held("own", NOW.minus(Duration.ofMinutes(300 - 60 * i))));
            held.add(0, new Oscillation.Held("trusted", NOW.minus(Duration.ofMinutes(290 - 60 * i))));
            assertThat(pushesBack("another")).isFalse();
            if (i < 2) assertThat(pushesBack("own")).isFalse();
        }
        assertThat(pushesBack("own")).isFalse(); // the first time was before all that is known
        held.add(new Oscillation.Held(null, NOW.minus(Duration.ofMinutes(320))));
        assertThat(pushesBack("own")).isTrue();
        assertThat(Oscillation.pushedBack("phone", "own", held, new TreeSet<>(), NOW.plus(Duration.ofHours(2))))
                .isEmpty();
    }

    @Test
    @DisplayName("SYN-4: a system that sets ever new values against what is written over them is a loop")
    void everNew() {
        for (int i = 0; i < 11; i++) {
            held.add(0, new Oscillation.Held("own " + i, NOW.minus(Duration.ofSeconds(3000 - 60 * i))));
            held.add(0, new Oscillation.Held("trusted", NOW.minus(Duration.ofSeconds(2990 - 60 * i))));
        }
        assertThat(pushesBack("new")).isFalse();
        held.add(new Oscillation.Held("trusted", NOW.minus(Duration.ofSeconds(3100))));
        held.add(new Oscillation.Held("own", NOW.minus(Duration.ofSeconds(3200))));
        assertThat(pushesBack("new")).isTrue();
    }
}
