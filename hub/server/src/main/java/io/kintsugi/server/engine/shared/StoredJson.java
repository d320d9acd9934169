package io.kintsugi.server.engine.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;

/** The one form in which the engine keeps its own values in the store as text; instants are ISO 8601. */
public final class StoredJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private StoredJson() {}

    /** @param value plain text, numbers, instants, and records and collections of them */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " is plain text, numbers and instants", e);
        }
    }

    /**
     * @param what it is, for the error: "checkpoint"
     * @throws HubException if the text is not of this type
     */
    public static <T> T read(String json, Class<T> type, String what) {
        return read(json, MAPPER.getTypeFactory().constructType(type), what);
    }

    /** As {@link #read(String, Class, String)}. */
    public static <T> T read(String json, TypeReference<T> type, String what) {
        return read(json, MAPPER.getTypeFactory().constructType(type), what);
    }

    private static <T> T read(String json, JavaType type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "a stored " + what + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
