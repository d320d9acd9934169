package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values of stewards and how they end; runs on the in-memory store and on the graph. */
abstract class GivenValueContract extends TrustedSystems {
    @Test
    @DisplayName("DA-6: FOREVER holds against every system until a steward takes it back")
    void forever() {
        anna(ranked().policy());
        give("Steward City", null, null);
        assertCities("Steward City", "Steward City", "Steward City");
        var value = hub.golden("crm:contact:1").values().get("city");
        assertThat(value.rule()).isEqualTo("STEWARD");
        assertThat(value.from()).isNull();
        edit("crm", "Alta");
        hub.settle();
        assertCities("Steward City", "Steward City", "Steward City");
        hub.trust(ranked().policy()).settle();
        assertThat(city()).as("outlives a full rematch").isEqualTo("Steward City");
        var golden = hub.golden("crm:contact:1");
        hub.stewardship.takeValueBack(golden.id(), golden.revision(), "city", null, "ada");
        hub.settle();
        assertCities("Alta", "Alta", "Alta");
    }

    @Test
    @DisplayName("DA-6: UNTIL_DATE ends by itself at its date, and every system gets back what was said before")
    void untilDate() {
        anna(ranked().policy());
        var until = hub.clock.instant().plus(Duration.ofDays(3));
        give("Steward City", LifeCycle.UNTIL_DATE, until);
        assertThat(hub.golden("crm:contact:1").dueAt()).isEqualTo(until);
        hub.clock.advance(Duration.ofDays(2));
        hub.settle();
        assertThat(city()).isEqualTo("Steward City");
        hub.clock.advance(Duration.ofDays(1));
        hub.settle();
        assertThat(city()).isEqualTo("Oslo");
        assertCities("Oslo", "Oslo", "Oslo");
        assertThat(hub.golden("crm:contact:1").dueAt()).isNull();
    }

    @Test
    @DisplayName("DA-6: UNTIL_WINNER_CHANGES ends when the trusted system speaks, not when another does")
    void untilWinnerChanges() {
        anna(ranked().policy());
        give("Steward City", LifeCycle.UNTIL_WINNER_CHANGES, null);
        edit("web", "Tromso");
        hub.settle();
        assertCities("Steward City", "Steward City", "Steward City");
        edit("crm", "Oslo");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
    }

    @Test
    @DisplayName("DA-6: UNTIL_ANY_RELOAD ends when any record changes, and not by what the hub writes")
    void untilAnyReload() {
        anna(ranked().policy());
        give("Steward City", LifeCycle.UNTIL_ANY_RELOAD, null);
        hub.settle();
        assertCities("Steward City", "Steward City", "Steward City");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("web").edit("1", Map.of("phone", "+47 22 11 00 99"));
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
    }

    @Test
    @DisplayName("DA-6: WHILE_SOURCE_BLANK ends when a system has a value, and is refused while one has")
    void whileSourceBlank() {
        hub.trust(ranked().policy());
        for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
        hub.settle();
        give("Steward City", LifeCycle.WHILE_SOURCE_BLANK, null);
        assertCities("Steward City", "Steward City", "Steward City");
        edit("web", "Tromso");
        hub.settle();
        assertCities("Tromso", "Tromso", "Tromso");
        assertThatThrownBy(() -> give("Again", LifeCycle.WHILE_SOURCE_BLANK, null))
                .isInstanceOfSatisfying(HubException.class, refused -> assertThat(refused.code())
                        .isEqualTo(HubErrorCode.NOT_POSSIBLE))
                .hasMessageContaining("would end at once");
    }

    @Test
    @DisplayName("DA-6, ID-3: a merge takes a steward's value over, and its undo gives it back")
    void mergedAndUnmerged() {
        anna(ranked().policy());
        for (var name : List.of("crm", "erp")) {
            hub.system(name)
                    .edit("2", Map.of("first", "Zoe", "last", "Quist", "email", "zoe@quist.example", "city", "Ulm"));
        }
        hub.settle();
        var other = hub.golden("crm:contact:2");
        hub.stewardship.giveValue(
                other.id(), other.revision(), "city", "Steward City", LifeCycle.FOREVER, null, null, "ada");
        hub.settle();
        var event = hub.stewardship.merge(List.of(goldenId(), other.id()), goldenId(), Map.of(), null, "ada");
        hub.settle();
        assertThat(city()).isEqualTo("Steward City");
        hub.stewardship.unmerge(
                event.id(), UnmergeMode.SINGLE, hub.golden("crm:contact:1").revision(), null, "ada");
        hub.settle();
        assertThat(hub.golden("crm:contact:2").id()).isEqualTo(other.id());
        assertThat(hub.golden("crm:contact:2").value("city")).isEqualTo("Steward City");
        assertThat(hub.golden("crm:contact:1").stewardValues()).noneMatch(StewardValue::holds);
        assertThat(city()).isEqualTo("Oslo");
    }
}
