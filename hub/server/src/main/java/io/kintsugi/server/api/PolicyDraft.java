package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.config.ModelReader;

/**
 * A policy that somebody would publish.
 *
 * @param body YAML; or {@code document}, the same as JSON
 */
record PolicyDraft(String body, JsonNode document) {
    /** @throws Refused unless it is said in exactly one of the two ways */
    String yaml() {
        boolean given = document != null && !document.isNull();
        if ((body == null) == !given) {
            throw Refused.badRequest("send either body, the policy as YAML, or document, the same as JSON");
        }
        return body != null ? body : ModelReader.yaml(document);
    }
}
