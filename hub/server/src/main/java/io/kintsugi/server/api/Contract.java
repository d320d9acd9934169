package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code openapi.yaml}, read once: what the API promises, and which parameters each operation takes. Immutable. */
final class Contract {
    private final byte[] text;
    private final Map<String, Operation> operations = new HashMap<>();
    private final List<Path> paths = new ArrayList<>();

    /** @param query names of its query parameters; those of an object are prefixes such as {@code attribute.} */
    record Operation(Set<String> query, Set<String> prefixes) {}

    private record Path(Pattern pattern, Set<String> methods) {}

    Contract() {
        try (var in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            text = Objects.requireNonNull(in, "openapi.yaml is not on the class path")
                    .readAllBytes();
            var root = new YAMLMapper().readTree(text);
            root.path("paths").properties().forEach(path -> {
                var methods = new TreeSet<String>();
                path.getValue().properties().forEach(operation -> {
                    var method = operation.getKey().toUpperCase(Locale.ROOT);
                    methods.add(method);
                    operations.put(method + " " + path.getKey(), operation(root, operation.getValue()));
                });
                paths.add(new Path(Pattern.compile(path.getKey().replaceAll("\\{[^}]+}", "[^/]+")), methods));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml cannot be read", e);
        }
    }

    private static Operation operation(JsonNode root, JsonNode operation) {
        var names = new TreeSet<String>();
        var prefixes = new TreeSet<String>();
        for (var declared : operation.path("parameters")) {
            var parameter =
                    declared.has("$ref") ? root.at(declared.get("$ref").asText().substring(1)) : declared;
            if (!parameter.path("in").asText().equals("query")) continue;
            if (parameter.path("schema").path("type").asText().equals("object")) prefixes.add("attribute.");
            else names.add(parameter.path("name").asText());
        }
        return new Operation(names, prefixes);
    }

    byte[] text() {
        return text.clone();
    }

    /** @throws IllegalStateException if the contract does not have it: write it there first */
    Operation operation(String method, String path) {
        var operation = operations.get(method + " " + path);
        if (operation == null) throw new IllegalStateException(method + " " + path + " is not in openapi.yaml");
        return operation;
    }

    Set<String> operations() {
        return new TreeSet<>(operations.keySet());
    }

    /** Methods that a concrete path takes; empty if there is no such path. */
    Set<String> methods(String path) {
        var methods = new TreeSet<String>();
        for (var candidate : paths) {
            if (candidate.pattern().matcher(path).matches()) methods.addAll(candidate.methods());
        }
        return methods;
    }
}
