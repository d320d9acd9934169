package io.kintsugi.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.config.ModelStore.Documents;
import java.util.Map;
import java.util.Optional;

/**
 * The match policy for as many records as a hub is about to get. The odds that two records are the same fall with their number: rules
 * that expect a tenth of what comes merge namesakes, and ask about many more.
 */
public final class ExpectedRecords {
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private ExpectedRecords() {}

    /**
     * What to publish before the first records of an entity type come.
     *
     * @param policy that is published, or shipped
     * @param records about how many will come
     * @return empty if the hub holds records of the type, if the rules expect as many, or if somebody has said how many
     */
    public static Optional<Documents> of(HubStore store, MatchPolicy policy, long records) {
        var type = policy.entityType();
        if (records <= policy.rules().records()) return Optional.empty();
        return store.read(tx -> {
            boolean begun = tx.records().counts().stream()
                    .anyMatch(count -> count.entityType().equals(type));
            if (begun) return Optional.empty();
            var published = tx.journal().document("matching", type).map(Document::body);
            return with(published.orElse(""), records)
                    .map(body -> new Documents(Map.of("matching", Map.of(type, body))));
        });
    }

    /** A match policy that expects so many records and else says what it said; empty if it says itself how many. */
    static Optional<String> with(String policy, long records) {
        try {
            var body = YAML.readTree(policy) instanceof ObjectNode block ? block : YAML.createObjectNode();
            var prior = block(block(body, "rules"), "prior");
            if (prior.has("records")) return Optional.empty();
            prior.put("records", records);
            return Optional.of(YAML.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is published can be read", e);
        }
    }

    private static ObjectNode block(ObjectNode of, String name) {
        return of.get(name) instanceof ObjectNode block ? block : of.putObject(name);
    }
}
