package io.kintsugi.server.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import java.util.List;

/**
 * What a review about two goldens keeps beside its question.
 *
 * @param a smaller record of the strongest pair
 * @param b the other
 * @param links verdicts its decision wrote, as pairs of keys; what its undo takes back
 * @param merge merge event its decision made; null if none
 */
record Question(String a, String b, List<List<String>> links, String merge) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("record keys are plain text", e);
        }
    }

    static Question parse(String json) {
        try {
            return JSON.readValue(json, Question.class);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "a stored review cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    RecordKey keyA() {
        return RecordKey.parse(a);
    }

    RecordKey keyB() {
        return RecordKey.parse(b);
    }
}
