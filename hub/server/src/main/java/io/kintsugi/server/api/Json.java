package io.kintsugi.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kintsugi.core.model.RecordKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** JSON as the API speaks it: times ISO 8601, record keys as text, absent means none; strict about what comes in. Thread-safe. */
final class Json {
    static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 64;

    private final ObjectMapper mapper;

    Json() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(MAX_BYTES)
                        .maxStringLength(MAX_BYTES)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        mapper = JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(new SimpleModule().addSerializer(RecordKey.class, ToStringSerializer.instance))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
    }

    String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** What is taken where a value was wrong, which is not repeated. */
    private static String takes(JsonMappingException e) {
        var type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
        return type != null && type.isEnum()
                ? "; it takes "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Object::toString)
                                .collect(Collectors.joining(", "))
                : "; the contract says what it takes";
    }

    /** @throws Refused if it is no JSON, or not of this shape; says where, and never repeats a value */
    <T> T read(byte[] body, Class<T> shape) {
        try {
            T value = mapper.readValue(body, shape);
            if (value == null) throw Refused.badRequest("the body is null; it must be one object");
            return value;
        } catch (UnrecognizedPropertyException e) {
            var known = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
            throw Refused.badRequest("the body has an unknown field \"" + e.getPropertyName() + "\""
                    + Nearest.hint(e.getPropertyName(), known));
        } catch (JsonMappingException e) {
            var at = e.getPath().stream()
                    .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                    .collect(Collectors.joining("."));
            throw Refused.badRequest(
                    at.isEmpty()
                            ? "the body must be one object; the contract says of which shape"
                            : "the body has a wrong value at " + at + takes(e));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw Refused.badRequest("the body is not valid JSON"
                    + (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr()));
        } catch (IOException e) {
            throw Refused.badRequest("the body could not be read");
        }
    }

    /** Text that is JSON as a tree, and other text as it is; null stays null. */
    Object tree(String text) {
        if (text == null) return null;
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            return text;
        }
    }
}
