package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What becomes of the records of systems when merges of merged golden records are taken back; on the in-memory store and on the graph.
 * crm merges and keeps the winner's id, hot merges and makes a new one, web can only delete; none brings a record back.
 */
abstract class MergeChainContract {
    private static final List<Map<String, Object>> PEOPLE = List.of(
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04"),
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05"),
            Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example", "born", "1990-09-09"),
            Map.of("first", "Dmitri", "last", "Petrov", "email", "dmitri@petrov.example", "born", "1962-01-30"));

    private HubUnderTest hub;
    private final List<String> goldens = new ArrayList<>();

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "hot", "web");
        hub.system("crm").merges = SurvivorId.WINNER_KEPT;
        hub.system("hot").merges = SurvivorId.NEW_ID;
        for (var name : hub.systems.keySet()) hub.duplicates(name, new Duplicates(When.MERGE_DECIDED, true));
    }

    /** The next person, by number, enters each of these systems. */
    private void person(String... systems) {
        int number = goldens.size();
        for (var system : systems) {
            hub.system(system).edit("" + number, PEOPLE.get(number));
            settle();
        }
        goldens.add(hub.golden(systems[0] + ":contact:" + number).id());
    }

    private void settle() {
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private MergeEvent merge(int other, int into) {
        var event = decide(other, into);
        settle();
        return event;
    }

    private MergeEvent decide(int other, int into) {
        var survivor = hub.currentId(goldens.get(into));
        return hub.stewardship.merge(
                List.of(survivor, hub.currentId(goldens.get(other))), survivor, Map.of(), "same", "ada");
    }

    private void unmerge(MergeEvent event, UnmergeMode mode) {
        var survivor = hub.currentId(event.survivor());
        var revision = hub.store
                .read(tx -> tx.goldens().find(List.of(survivor)))
                .get(survivor)
                .revision();
        hub.stewardship.unmerge(event.id(), mode, revision, "not the same", "ada");
        settle();
    }

    /** How many records of each person a system holds. */
    private Map<Object, Integer> held(String system) {
        var held = new TreeMap<Object, Integer>();
        for (var record : hub.system(system).records().values())
            held.merge(record.fields().get("first"), 1, Integer::sum);
        return held;
    }

    @Test
    @DisplayName(
            "MRG-8: what was to return to a golden that has come apart further is created for its own golden alone")
    void onlyItsOwn() {
        person("crm", "web");
        person("crm");
        person("crm", "web");
        merge(2, 1);
        unmerge(merge(1, 0), UnmergeMode.TREE);
        assertThat(held("web")).isEqualTo(Map.of("Anna", 1, "Carla", 1));
    }

    @Test
    @DisplayName(
            "MRG-8: what was created in the place of a record goes with it, not with the member it was first tied to")
    void goesWithWhatItReplaces() {
        person("crm");
        person("crm", "web");
        person("hot");
        person("crm", "hot");
        var first = merge(3, 0);
        var second = merge(2, 1);
        var third = merge(1, 0);
        unmerge(first, UnmergeMode.SINGLE);
        unmerge(third, UnmergeMode.SINGLE);
        unmerge(second, UnmergeMode.SINGLE);
        assertThat(held("crm")).isEqualTo(Map.of("Anna", 1, "Bruno", 1, "Dmitri", 1));
        assertThat(held("hot")).isEqualTo(Map.of("Carla", 1, "Dmitri", 1));
        assertThat(held("web")).isEqualTo(Map.of("Bruno", 1));
    }

    @Test
    @DisplayName(
            "MRG-8: a record that a system made of two goes on with the one it stays, and what went into it returns")
    void madeOfTwo() {
        person("crm", "hot");
        person("web");
        person("hot");
        var first = merge(0, 1);
        var second = merge(1, 2);
        assertThat(hub.system("hot").records().keySet()).containsExactly("2+0");
        unmerge(first, UnmergeMode.SINGLE);
        assertThat(hub.golden("hot:contact:2+0").id()).isEqualTo(goldens.get(2));
        assertThat(hub.golden("web:contact:1").id()).isEqualTo(goldens.get(2));
        assertThat(held("hot")).isEqualTo(Map.of("Anna", 1, "Carla", 1));
        unmerge(second, UnmergeMode.SINGLE);
        assertThat(held("hot")).isEqualTo(Map.of("Anna", 1, "Carla", 1));
        assertThat(held("crm")).isEqualTo(Map.of("Anna", 1));
        assertThat(held("web")).isEqualTo(Map.of("Bruno", 1));
        assertThat(hub.golden("web:contact:1").id()).isEqualTo(goldens.get(1));
    }

    @Test
    @DisplayName(
            "MRG-8: of two that return to one golden record one is created, and the other once they come apart too")
    void twoReturn() {
        person("web");
        person("web");
        person("crm");
        person("web");
        var first = merge(3, 2);
        var second = merge(0, 2);
        var third = merge(1, 2);
        assertThat(hub.system("web").records().keySet()).containsExactly("3");
        unmerge(first, UnmergeMode.SINGLE);
        assertThat(hub.system("web").records()).hasSize(2);
        unmerge(second, UnmergeMode.SINGLE);
        unmerge(third, UnmergeMode.SINGLE);
        assertThat(held("web")).isEqualTo(Map.of("Anna", 1, "Bruno", 1, "Dmitri", 1));
        assertThat(held("crm")).isEqualTo(Map.of("Carla", 1));
    }

    @Test
    @DisplayName("MRG-4: what somebody entered right before the hub merged another record into that one is its own")
    void enteredRightBefore() {
        person("crm");
        person("crm");
        var event = decide(0, 1);
        hub.system("crm").edit("1", Map.of("phone", "+48 600 300 400"));
        settle();
        assertThat(hub.system("crm").records().keySet()).containsExactly("1");
        unmerge(event, UnmergeMode.SINGLE);
        assertThat(hub.system("crm").value("1", "phone")).isEqualTo("+48 600 300 400");
        assertThat(held("crm")).isEqualTo(Map.of("Anna", 1, "Bruno", 1));
    }
}
