package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.RuleOf;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** Anna in three systems that are trusted in the order crm, erp, web. */
abstract class TrustedSystems {
    static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    static final List<String> SYSTEMS = List.of("crm", "erp", "web");

    HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
    }

    static RuleOf ranked() {
        return RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm", "erp", "web");
    }

    /** Anna in all systems, with the city that crm says. */
    void anna(AuthorityPolicy policy) {
        hub.trust(policy);
        for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
        edit("crm", "Oslo");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
        hub.systems.values().forEach(system -> system.effects.clear());
    }

    void edit(String system, String city) {
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system(system).edit("1", Map.of("city", city));
        hub.clock.advance(Duration.ofMinutes(1));
    }

    void assertCities(String... expected) {
        var cities = new ArrayList<Object>();
        for (var name : SYSTEMS) cities.add(hub.system(name).value("1", "city"));
        assertThat(cities).containsExactly((Object[]) expected);
    }

    String city() {
        return hub.values("crm:contact:1").get("city");
    }

    String goldenId() {
        return hub.golden("crm:contact:1").id();
    }

    final List<Review> proposals(ReviewState state) {
        var filter = new Reviews.Filter(Kind.PROPOSED, state, null, null, null, "openedAt");
        return hub.store.read(tx -> tx.reviews().list(filter, null, 10).items());
    }

    void give(String city, LifeCycle lifeCycle, Instant until) {
        var golden = hub.golden("crm:contact:1");
        hub.stewardship.giveValue(golden.id(), golden.revision(), "city", city, lifeCycle, until, "called them", "ada");
        hub.settle();
    }

    int effects() {
        return hub.systems.values().stream()
                .mapToInt(system -> system.effects.size())
                .sum();
    }
}
