package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The schemas of the contract, closed: a field that the contract does not name is a fault too. */
final class PublishedSchemas {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private final JsonNode contract;
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>(); // clients may call at once

    PublishedSchemas() {
        try {
            contract = new YAMLMapper().readTree(new Contract().text());
        } catch (IOException e) {
            throw new AssertionError("openapi.yaml is no YAML", e);
        }
        contract.at("/components/schemas").forEach(PublishedSchemas::close);
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }

    JsonNode contract() {
        return contract;
    }

    /** @throws AssertionError if an answer of the API is not what the contract says of this path and status */
    void check(String method, String path, HttpClientOf.Answer answer) {
        if (!path.startsWith("/api/v1")
                || answer.status() == 304
                || answer.text().isEmpty()) return;
        var type = Optional.ofNullable(answer.header("Content-Type")).orElse("").split(";")[0];
        if (answer.status() >= 400) {
            if (!type.equals("application/problem+json")) {
                throw new AssertionError(method + " " + path + " answered " + answer.status() + " as " + type);
            }
            check("/components/schemas/Problem", method + " " + path, answer.json());
            return;
        }
        var template = template(method, path);
        var content = contract.path("paths")
                .path(template)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(String.valueOf(answer.status()))
                .path("content");
        if (!content.has(type)) {
            throw new AssertionError(
                    method + " " + template + " has no answer " + answer.status() + " of type " + type);
        }
        if (!type.equals("application/json")) return;
        var reference = content.path(type).path("schema").path("$ref").asText();
        check(reference.substring(1), method + " " + template, answer.json());
    }

    /** @param pointer of the schema in the contract */
    void check(String pointer, String what, JsonNode value) {
        var faults = compiled.computeIfAbsent(pointer, this::compile).validate(value);
        if (!faults.isEmpty()) throw new AssertionError(what + " breaks the contract: " + faults + "\n" + value);
    }

    private JsonSchema compile(String pointer) {
        var schema = new ObjectMapper().createObjectNode();
        schema.put("$ref", "#" + pointer);
        schema.set("$defs", contract.at("/components/schemas"));
        return FACTORY.getSchema(schema.toString().replace("#/components/schemas/", "#/$defs/"));
    }

    private String template(String method, String path) {
        var templates = (Iterable<String>) () -> contract.path("paths").fieldNames();
        return StreamSupport.stream(templates.spliterator(), false)
                .filter(template -> contract.path("paths").path(template).has(method.toLowerCase(Locale.ROOT)))
                .filter(template -> Pattern.matches(template.replaceAll("\\{[^}]+}", "[^/]+"), path))
                .min(Comparator.comparingLong(
                        template -> template.chars().filter(c -> c == '{').count()))
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not in the contract"));
    }
}
