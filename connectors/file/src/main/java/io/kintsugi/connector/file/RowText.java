package io.kintsugi.connector.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.kintsugi.connector.file.Settings.Format;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes rows in the layout of their file. */
final class RowText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Layout layout;
    private final Map<String, JsonNode> kinds =
            new HashMap<>(); // a value of each JSON field, to write new ones like it

    RowText(Layout layout) {
        this.layout = layout;
    }

    /** Learns from a line which fields are numbers, truth values or structures. */
    void learn(String line) throws JsonProcessingException {
        if (layout.format() != Format.JSONL || !(JSON.readTree(line) instanceof ObjectNode row)) return;
        row.properties().forEach(each -> {
            if (!each.getValue().isNull()) kinds.putIfAbsent(each.getKey(), each.getValue());
        });
    }

    /**
     * A row that was there, with some values changed; columns of JSON keep their order and kind.
     *
     * @param line the row as it stands
     * @param fields all values after the change
     * @param changed the ones to be put, null values to empty them
     */
    String changed(String line, Map<String, Object> fields, Map<String, Object> changed)
            throws JsonProcessingException {
        if (layout.format() == Format.CSV) return csv(fields);
        ObjectNode row = (ObjectNode) JSON.readTree(line);
        changed.forEach((field, value) -> row.set(field, node(value, row.get(field), field)));
        return JSON.writeValueAsString(row) + layout.lineEnd();
    }

    /** A new row. It names every column of the stream, so that no column is left unknown. */
    String created(Collection<String> columns, Map<String, Object> fields) throws JsonProcessingException {
        if (layout.format() == Format.CSV) return csv(fields);
        ObjectNode row = JSON.createObjectNode();
        for (String column : columns) row.set(column, node(fields.get(column), null, column));
        return JSON.writeValueAsString(row) + layout.lineEnd();
    }

    private String csv(Map<String, Object> fields) {
        List<String> cells = new ArrayList<>();
        for (String column : layout.header()) cells.add(text(fields.get(column)));
        StringWriter text = new StringWriter();
        CsvWriter.builder()
                .fieldSeparator(layout.delimiter())
                .lineDelimiter(LineDelimiter.of(layout.lineEnd()))
                .bufferSize(0)
                .build(text)
                .writeRecord(cells);
        return text.toString();
    }

    /** A value as a reader of the file gets it; null for an empty one. */
    static String text(Object value) {
        if (value == null) return null;
        String text;
        if (value instanceof Collection<?> many)
            text = String.join(";", many.stream().map(Object::toString).toList());
        else text = value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        return text.isEmpty() ? null : text;
    }

    private JsonNode node(Object value, JsonNode was, String field) {
        JsonNodeFactory nodes = JSON.getNodeFactory();
        if (value == null) return nodes.nullNode();
        JsonNode like = was == null || was.isNull() ? kinds.getOrDefault(field, nodes.nullNode()) : was;
        if (value instanceof Collection<?> many) {
            ArrayNode array = nodes.arrayNode();
            many.forEach(each -> array.add(each.toString()));
            return array;
        }
        String text = text(value);
        if (text == null) return nodes.nullNode();
        boolean plain = value instanceof Boolean || value instanceof Number;
        boolean asText = plain ? like.isTextual() : like.isTextual() || like.isNull();
        if (asText) return nodes.textNode(text);
        try {
            JsonNode parsed = JSON.readTree(text);
            boolean alike = plain
                    || parsed.isNumber() && like.isNumber()
                    || parsed.isBoolean() && like.isBoolean()
                    || parsed.isContainerNode() && like.isContainerNode();
            if (alike && parsed.toString().equals(text)) return parsed;
        } catch (JsonProcessingException e) {
            return nodes.textNode(text); // it is not of the kind the field had
        }
        return nodes.textNode(text);
    }
}
