package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.Samples;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedRecordsTest {
    private static final long MANY = 1_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"", "autoBits: 9", """
                reviewBits: 0.5
                maxBlock: 50
                duplicateFree: billing
                rules:
                  prior: {duplicates: 0.4}
                  keys: {phone: 20}
                """})
    void onlyTheNumberChanges(String policy) {
        var before = read(policy);
        var after = read(ExpectedRecords.with(policy, MANY).orElseThrow());
        assertThat(after).isEqualTo(before.withRules(before.rules().forRecords(MANY)));
    }

    @Test
    void whoSaidHowManyKnowsBetter() {
        assertThat(ExpectedRecords.with("rules: {prior: {records: 300000}}", MANY))
                .isEmpty();
    }

    @Test
    void fewerThanTheRulesExpectChangeNothing() {
        var policy = read("");
        assertThat(ExpectedRecords.of(
                        new MemoryHubStore(), policy, policy.rules().records()))
                .isEmpty();
        assertThat(ExpectedRecords.of(
                        new MemoryHubStore(), policy, policy.rules().records() + 1))
                .hasValueSatisfying(documents ->
                        assertThat(documents.documents().get("matching")).containsOnlyKeys("contact"));
    }

    @Test
    void aHubThatHoldsRecordsKeepsItsRules() {
        var store = new MemoryHubStore();
        store.write(tx -> {
            tx.records().save(List.of(Samples.record(Samples.key("crm", "1"))));
            return null;
        });
        assertThat(ExpectedRecords.of(store, read(""), MANY)).isEmpty();
    }

    private static MatchPolicy read(String policy) {
        return ModelReader.matching(ModelReader.entityType("contact", ModelStore.shipped("contact")), 1, policy);
    }
}
