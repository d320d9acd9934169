package io.kintsugi.server.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;

/**
 * What a review of kind {@code PROPOSED} is about.
 *
 * @param record key of the record that was changed
 * @param value what it was changed to; empty text for nothing
 * @param surviving what survives instead; null for nothing
 * @param accepted what a steward said; null while nobody has
 */
record Proposal(String record, String attribute, String value, String surviving, Boolean accepted) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    Proposal answered(boolean accepts) {
        return new Proposal(record, attribute, value, surviving, accepts);
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    static Proposal parse(String json) {
        try {
            return JSON.readValue(json, Proposal.class);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "a stored review cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
