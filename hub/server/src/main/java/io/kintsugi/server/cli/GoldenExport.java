package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.HubStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes golden records page by page, so that their number does not matter. */
final class GoldenExport {
    private static final int PAGE = 1000;
    private static final String RUN_BY_SPREADSHEETS = "=+-@\t\r";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HubStore store;
    private final EntityType type;
    private final boolean provenance;
    private final boolean spreadsheetSafe;

    GoldenExport(HubStore store, EntityType type, boolean provenance, boolean spreadsheetSafe) {
        this.store = store;
        this.type = type;
        this.provenance = provenance;
        this.spreadsheetSafe = spreadsheetSafe;
    }

    /** Leaves the writer open. Returns how many it wrote. */
    long write(ExportCommand.Format format, Writer to) throws IOException {
        return switch (format) {
            case csv -> csv(to);
            case jsonl -> json(to);
        };
    }

    private long csv(Writer to) throws IOException {
        var csv = CsvWriter.builder().build(to);
        var names = type.attributes().stream().map(Attribute::name).toList();
        var header = new ArrayList<>(List.of("id"));
        header.addAll(names);
        if (provenance) names.forEach(name -> header.add(name + "_from"));
        csv.writeRecord(header);
        long count = each(golden -> {
            var row = new ArrayList<String>();
            row.add(golden.id());
            for (var name : names) row.add(safe(golden.value(name)));
            if (provenance) {
                for (var name : names) {
                    var value = golden.values().get(name);
                    row.add(value == null ? "" : safe(from(value)));
                }
            }
            csv.writeRecord(row);
        });
        csv.flush();
        return count;
    }

    private String safe(String value) {
        if (value == null) return "";
        boolean runs = !value.isEmpty() && RUN_BY_SPREADSHEETS.indexOf(value.charAt(0)) >= 0;
        return spreadsheetSafe && runs ? "'" + value : value;
    }

    private long json(Writer to) throws IOException {
        try (var json = JSON.createGenerator(to)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(null);
            return each(golden -> {
                try {
                    line(json, golden);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void line(JsonGenerator json, GoldenRecord golden) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", golden.id());
        json.writeStringField("type", golden.entityType());
        json.writeNumberField("revision", golden.revision());
        json.writeStringField("updatedAt", golden.updatedAt().toString());
        json.writeObjectFieldStart("attributes");
        for (var attribute : type.attributes()) {
            var value = golden.value(attribute.name());
            if (value != null) json.writeStringField(attribute.name(), value);
        }
        json.writeEndObject();
        if (provenance) {
            json.writeObjectFieldStart("from");
            for (var attribute : type.attributes()) {
                var value = golden.values().get(attribute.name());
                if (value != null && !value.value().isEmpty()) json.writeStringField(attribute.name(), from(value));
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private long each(Consumer<GoldenRecord> writing) {
        var filter = new Filter(type.name(), GoldenState.ACTIVE, null, null, Map.of(), 0, "id", false);
        long count = 0;
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> tx.goldens().list(filter, from, PAGE));
            page.items().forEach(writing);
            count += page.items().size();
            cursor = page.next();
        } while (cursor != null);
        return count;
    }

    /** The record a value comes from, or that a steward gave it. */
    private static String from(GoldenValue value) {
        return value.from() == null ? "steward" : value.from().toString();
    }
}
