package io.kintsugi.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.schema.FieldShape;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import java.time.Instant;
import java.util.List;

/**
 * What people had answered about the schema of a stream, after each answer. The first version is what was before any.
 *
 * @param says the answer in words, with the field it is about
 * @param mapping amendments of the mapping; empty for none
 * @param agreed fields that were agreed on
 */
public record AnswerVersion(long version, Instant at, String by, String says, String mapping, List<FieldShape> agreed) {
    static final String KIND = "answers";

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Body(String says, String mapping, List<FieldShape> agreed) {}

    static String body(String says, String mapping, List<FieldShape> agreed) {
        try {
            return JSON.writeValueAsString(new Body(says, mapping, agreed));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answers are plain text", e);
        }
    }

    /** Every version of a stream, the latest first; empty if nothing was answered. None is ever forgotten (GOV-1). */
    public static List<AnswerVersion> of(HubTransaction tx, String system, String stream) {
        return tx.journal().versions(KIND, system + "." + stream).stream()
                .map(AnswerVersion::of)
                .toList();
    }

    private static AnswerVersion of(Document document) {
        try {
            var body = JSON.readValue(document.body(), Body.class);
            return new AnswerVersion(
                    document.version(), document.at(), document.by(), body.says(), body.mapping(), body.agreed());
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "stored answers cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
