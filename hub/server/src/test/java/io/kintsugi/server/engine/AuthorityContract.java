package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.RuleOf;
import io.kintsugi.core.policy.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose value holds, and what the hub does about other ones; runs on the in-memory store and on the graph. */
abstract class AuthorityContract extends TrustedSystems {
    @Test
    @DisplayName("DA-3: REVERT restores the trusted value in the system that changed it, in one cycle")
    void revert() {
        anna(ranked().policy());
        edit("erp", "Bergen");
        hub.read("erp");
        hub.resolver.resolvePending(20);
        hub.send("erp");
        assertCities("Oslo", "Oslo", "Oslo");
        hub.settle();
        assertThat(city()).isEqualTo("Oslo");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    @DisplayName("DA-3: ACCEPT lets a change win everywhere until the trusted system speaks")
    void accept() {
        anna(ranked().onForeignWrite(OnForeignWrite.ACCEPT).policy());
        edit("erp", "Bergen");
        hub.settle();
        assertCities("Bergen", "Bergen", "Bergen");
        edit("web", "Tromso");
        hub.settle();
        assertCities("Tromso", "Tromso", "Tromso");
        edit("crm", "Oslo");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
    }

    @Test
    @DisplayName("DA-3: PROPOSE makes one question and changes nothing anywhere")
    void propose() {
        anna(ranked().onForeignWrite(OnForeignWrite.PROPOSE).policy());
        edit("erp", "Bergen");
        hub.settle();
        assertThat(city()).isEqualTo("Oslo");
        assertCities("Oslo", "Bergen", "Oslo");
        assertThat(effects()).isZero();
        var review = proposals(ReviewState.OPEN).get(0);
        assertThat(review.records()).hasToString("[erp:contact:1]");
        assertThat(review.detail()).contains("\"value\":\"Bergen\"").contains("\"surviving\":\"Oslo\"");
        hub.system("erp").edit("1", Map.of("phone", "+47 22 11 00 99"));
        hub.settle();
        assertThat(proposals(ReviewState.OPEN)).as("asked once").hasSize(1);
        assertCities("Oslo", "Bergen", "Oslo");
    }

    @Test
    @DisplayName("DA-3: an accepted proposal wins everywhere until the trusted system speaks")
    void anAcceptedProposal() {
        anna(ranked().onForeignWrite(OnForeignWrite.PROPOSE).policy());
        edit("erp", "Bergen");
        hub.settle();
        var review = proposals(ReviewState.OPEN).get(0);
        hub.stewardship.answerProposal(review.id(), review.revision(), true, null, "ada");
        hub.settle();
        assertCities("Bergen", "Bergen", "Bergen");
        assertThat(proposals(ReviewState.DECIDED)).hasSize(1);
        edit("crm", "Alta");
        hub.settle();
        assertCities("Alta", "Alta", "Alta");
        assertThatThrownBy(() -> hub.stewardship.answerProposal(review.id(), review.revision() + 1, false, null, "bob"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("DECIDED");
    }

    @Test
    @DisplayName("DA-3: a rejected proposal is written over")
    void aRejectedProposal() {
        anna(ranked().onForeignWrite(OnForeignWrite.PROPOSE).policy());
        edit("erp", "Bergen");
        hub.settle();
        var review = proposals(ReviewState.OPEN).get(0);
        hub.stewardship.answerProposal(review.id(), review.revision(), false, null, "ada");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    @DisplayName("DA-3: a proposal lapses when its system takes it back, and when the policy proposes no more")
    void aProposalLapses() {
        anna(ranked().onForeignWrite(OnForeignWrite.PROPOSE).policy());
        edit("erp", "Bergen");
        hub.settle();
        edit("erp", "Oslo");
        hub.settle();
        assertThat(proposals(ReviewState.OPEN)).isEmpty();
        assertThat(proposals(ReviewState.OBSOLETE)).hasSize(1);
        edit("erp", "Bergen");
        hub.settle();
        assertThat(proposals(ReviewState.OPEN)).hasSize(1);
        hub.trust(ranked().policy()).settle();
        assertThat(proposals(ReviewState.OPEN)).isEmpty();
        assertCities("Oslo", "Oslo", "Oslo");
    }

    @Test
    @DisplayName("DA-3: a proposal that is seen only when a write is read back is a proposal too")
    void proposedWhileTheHubWrites() {
        anna(ranked().onForeignWrite(OnForeignWrite.PROPOSE).policy());
        hub.system("erp").beforeReply = () -> {
            hub.system("erp").beforeReply = () -> {};
            hub.system("erp").edit("1", Map.of("city", "Bergen"));
        };
        hub.system("crm").edit("1", Map.of("phone", "+47 22 11 00 99"));
        hub.settle();
        assertThat(proposals(ReviewState.OPEN)).hasSize(1);
        assertCities("Oslo", "Bergen", "Oslo");
    }

    @Test
    @DisplayName("DA-3: ALERT_ONLY tells people and leaves the change until the trusted system speaks")
    void alertOnly() {
        anna(ranked().onForeignWrite(OnForeignWrite.ALERT_ONLY).policy());
        var alerts = new ArrayList<Object>();
        hub.events.subscribe(event -> {
            if (event.name().equals("authority.alert")) alerts.add(event.data());
        });
        edit("erp", "Bergen");
        hub.settle();
        assertCities("Oslo", "Bergen", "Oslo");
        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0))
                .hasToString(Map.of("golden", goldenId(), "record", "erp:contact:1", "attribute", "city")
                        .toString());
        assertThat(proposals(ReviewState.OPEN)).isEmpty();
        edit("crm", "Alta");
        hub.settle();
        assertCities("Alta", "Alta", "Alta");
    }

    @Test
    @DisplayName("DA-5: a clear in the trusted system reaches the others only if the policy lets it")
    void explicitClear() {
        anna(ranked().nulls(NullPolicy.EXPLICIT_CLEAR_ONLY).policy());
        edit("crm", "");
        hub.settle();
        assertThat(city()).isNull();
        for (var name : List.of("erp", "web")) {
            assertThat(hub.system(name).value("1", "city")).isIn(null, "");
        }
        edit("web", "Tromso");
        hub.settle();
        assertThat(city()).as("web is not trusted").isNull();
        assertThat(hub.system("web").value("1", "city")).isIn(null, "");
        hub.trust(ranked().nulls(NullPolicy.IGNORE_NULL).policy());
        edit("crm", "Oslo");
        hub.settle();
        edit("crm", "");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
    }

    @Test
    @DisplayName("DA-8: a fresher value of a less trusted system wins at the predicted time, with nothing read")
    void trustDecays() {
        var trust = Map.of("crm", new Trust(90, 10, Duration.ofDays(80), null, List.of()), "erp", Trust.always(70));
        hub.trust(RuleOf.of(Strategy.TRUST).trust(trust).writeTo(neverWritten()).policy());
        for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
        edit("crm", "Oslo");
        edit("erp", "Bergen");
        hub.settle();
        assertThat(city()).isEqualTo("Oslo");
        var due = hub.golden("crm:contact:1").dueAt();
        hub.clock.advance(Duration.between(hub.clock.instant(), due).minusMillis(1));
        assertThat(hub.resolver.resolvePending(20)).isZero();
        hub.clock.advance(Duration.ofMillis(1));
        assertThat(hub.resolver.resolvePending(20)).isEqualTo(1);
        assertThat(city()).isEqualTo("Bergen");
        assertThat(hub.resolver.resolvePending(20)).isZero();
    }

    private static Map<String, WriteMode> neverWritten() {
        return Map.of("crm", WriteMode.NEVER, "erp", WriteMode.NEVER, "web", WriteMode.NEVER);
    }

    @Test
    @DisplayName("DA-9: each system is written as its mode says: always, if blank, when created, never")
    void writeModes() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web", "shop");
        var modes = Map.of("erp", WriteMode.IF_BLANK, "web", WriteMode.NEVER, "shop", WriteMode.ON_CREATE_ONLY);
        hub.trust(ranked().writeTo(modes).policy());
        for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
        hub.system("web").edit("1", Map.of("city", "of web"));
        edit("crm", "Oslo");
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Oslo");
        assertThat(hub.system("web").value("1", "city")).isEqualTo("of web");
        var created = hub.system("shop").records().keySet().iterator().next();
        assertThat(hub.system("shop").value(created, "city")).isEqualTo("Oslo");
        edit("crm", "Alta");
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).as("is not blank").isEqualTo("Oslo");
        assertThat(hub.system("web").value("1", "city")).isEqualTo("of web");
        assertThat(hub.system("shop").value(created, "city")).isEqualTo("Oslo");
        hub.trust(ranked().policy()).settle();
        for (var name : SYSTEMS) assertThat(hub.system(name).value("1", "city")).isEqualTo("Alta");
        assertThat(hub.system("shop").value(created, "city")).isEqualTo("Alta");
    }

    @Test
    @DisplayName("DA-1: when a record is gone its value is kept, or recalled for what others had said")
    void disconnect() {
        for (var reaction : OnDisconnect.values()) {
            hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
            hub.trust(ranked().onDisconnect(reaction).policy());
            for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
            edit("erp", "Bergen");
            edit("crm", "Oslo");
            hub.settle();
            assertCities("Oslo", "Oslo", "Oslo");
            hub.system("crm").delete("1");
            hub.settle();
            var expected = reaction == OnDisconnect.RECALL ? "Bergen" : "Oslo";
            assertThat(hub.system("erp").value("1", "city")).isEqualTo(expected);
            assertThat(hub.system("web").value("1", "city")).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("DA-10: a union is written everywhere, and what one system takes out goes if only it had said so")
    void union() {
        hub.trust(new AuthorityPolicy(
                "contact",
                1,
                ranked().rule(),
                Map.of("city", RuleOf.of(Strategy.UNION).rule())));
        for (var name : SYSTEMS) hub.system(name).edit("1", ANNA);
        edit("crm", "Oslo");
        edit("erp", "Bergen; Oslo");
        hub.settle();
        assertCities("Bergen; Oslo", "Bergen; Oslo", "Bergen; Oslo");
        edit("erp", "Oslo");
        hub.settle();
        assertCities("Oslo", "Oslo", "Oslo");
    }
}
