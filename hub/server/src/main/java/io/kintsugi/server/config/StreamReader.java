package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import io.kintsugi.server.connector.FieldFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads how one stream of a system is mapped. */
final class StreamReader {
    private StreamReader() {}

    static StreamMapping read(String stream, List<EntityType> types, Fields fields) {
        var entity = fields.required("entity");
        var type = types.stream()
                .filter(t -> t.name().equals(entity))
                .findFirst()
                .orElseThrow(() -> Fields.bad(
                        fields.where() + ".entity",
                        "names no entity type; there are "
                                + types.stream().map(EntityType::name).toList()));
        boolean write = fields.flag("write", true);
        var mapped = new ArrayList<FieldMapping>();
        var block = fields.block("fields");
        block.entries()
                .forEach((field, value) -> mapped.add(field(field, value, type, write, block.where() + "." + field)));
        var mapping = new StreamMapping(
                stream,
                entity,
                mapped,
                write,
                fields.flag("provision", false),
                fields.text("linkKey").orElse(null),
                constants(fields.block("constants")),
                whenDeleted(fields, mapped, write));
        fields.done();
        if (mapped.isEmpty()) throw Fields.bad(fields.where(), "maps no fields");
        if (mapping.provision() && mapping.linkKeyField() == null) {
            throw Fields.bad(
                    fields.where(),
                    "provisions records but has no linkKey: name a field with a unique constraint, so that no record is created twice");
        }
        return mapping;
    }

    private static Map<String, String> constants(Fields block) {
        var constants = new TreeMap<String, String>();
        block.entries().forEach((field, value) -> {
            if (!value.isValueNode() || value.asText().isEmpty())
                throw Fields.bad(block.where() + "." + field, "must be one value");
            constants.put(field, value.asText());
        });
        return constants;
    }

    /** The field of the mark is written for nothing else, or a value that comes from elsewhere would be a delete. */
    private static WhenDeleted whenDeleted(Fields stream, List<FieldMapping> mapped, boolean write) {
        if (stream.raw("whenDeleted").isMissingNode()) return null;
        var block = stream.block("whenDeleted");
        var field = block.required("field");
        if (!write) throw Fields.bad(block.where(), "is of no use: nothing is written, by write: false");
        for (var other : mapped) {
            if (other.field().equals(field) && other.writable()) {
                throw Fields.bad(
                        block.where() + ".field",
                        "is written with the values of " + other.attribute()
                                + ", which would delete and bring back; say write: false at that field");
            }
        }
        var value = block.required("value");
        var otherwise = block.text("otherwise").orElse(null);
        block.done();
        try {
            return new WhenDeleted(field, value, otherwise);
        } catch (IllegalArgumentException e) {
            throw Fields.bad(block.where(), e.getMessage());
        }
    }

    private static FieldMapping field(String field, JsonNode value, EntityType type, boolean write, String where) {
        String attribute;
        List<String> functions = List.of();
        boolean writable = write;
        if (value.isTextual()) {
            attribute = value.asText();
        } else {
            var own = new Fields(value, where);
            attribute = own.required("attribute");
            functions = own.list("functions");
            writable = own.flag("write", write);
            own.done();
        }
        if (type.attribute(attribute).isEmpty()) {
            throw Fields.bad(
                    where + ":",
                    type.name() + " has no attribute \"" + attribute + "\"" + Fields.nearest(attribute, names(type)));
        }
        for (var function : functions) {
            try {
                FieldFunction.named(function);
            } catch (IllegalArgumentException e) {
                throw Fields.bad(where, e.getMessage());
            }
        }
        return new FieldMapping(field, attribute, functions, writable);
    }

    private static List<String> names(EntityType type) {
        return type.attributes().stream().map(Attribute::name).toList();
    }
}
