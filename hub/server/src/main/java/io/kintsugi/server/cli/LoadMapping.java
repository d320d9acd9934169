package io.kintsugi.server.cli;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.server.match.Column;
import io.kintsugi.server.match.Column.Role;
import io.kintsugi.server.match.ColumnRecogniser;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which column of a table fills which attribute of an entity type. Columns are recognised by name and content; what people say wins.
 *
 * @param id column that tells records apart; null if none was found
 * @param source column that names each row's system; null if there is none
 */
record LoadMapping(EntityType type, String id, String source, List<Use> uses) {
    /** Types that say too little: a column of such a type goes by its name alone. */
    private static final Set<AttributeType> BY_NAME_ONLY = EnumSet.of(
            AttributeType.TEXT,
            AttributeType.CATEGORY,
            AttributeType.DATE,
            AttributeType.NUMBER,
            AttributeType.REFERENCE);

    /** Types of which one attribute is as unlike another as two numbers can be. */
    private static final Set<AttributeType> DISTINCT =
            EnumSet.of(AttributeType.IDENTIFIER, AttributeType.PARTIAL_IDENTIFIER);

    /**
     * What becomes of one column.
     *
     * @param attribute null if it fills none
     */
    record Use(String column, String attribute, String reason) {}

    /**
     * @param said column → attribute, attribute type, {@code id}, {@code source} or {@code ignore}
     * @throws HubException with {@code BAD_REQUEST} if somebody names a column or attribute that is not there
     */
    static LoadMapping of(Table table, EntityType type, Map<String, String> said) {
        for (var column : said.keySet()) {
            if (!table.header().contains(column)) {
                throw refused("there is no column \"" + column + "\"; there are " + String.join(", ", table.header()));
            }
        }
        var columns = new ColumnRecogniser(type.kind()).recognise(table.header(), table.sample());
        var id = column(said, "id").or(() -> recognised(columns, Role.ID, said)).orElse(null);
        var source = column(said, "source").orElse(null);
        var taken = new HashMap<String, String>();
        var uses = new ArrayList<Use>();
        for (var entry : said.entrySet()) {
            if (Set.of("id", "source", "ignore").contains(entry.getValue())) continue;
            var attribute = named(type, entry.getValue());
            taken.putIfAbsent(attribute, entry.getKey());
            uses.add(new Use(entry.getKey(), attribute, "as you said"));
        }
        for (var column : columns) {
            var name = column.header();
            if (name.equals(id) || name.equals(source)) continue;
            if (!said.containsKey(name)) uses.add(use(column, type, taken));
            else if (said.get(name).equals("ignore")) uses.add(new Use(name, null, "as you said"));
        }
        uses.sort((a, b) -> table.header().indexOf(a.column()) - table.header().indexOf(b.column()));
        return new LoadMapping(type, id, source, uses);
    }

    private static Optional<String> column(Map<String, String> said, String meaning) {
        return said.entrySet().stream()
                .filter(entry -> entry.getValue().equals(meaning))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Optional<String> recognised(List<Column> columns, Role role, Map<String, String> said) {
        return columns.stream()
                .filter(column -> column.role() == role && !said.containsKey(column.header()))
                .map(Column::header)
                .findFirst();
    }

    private static Use use(Column column, EntityType type, Map<String, String> taken) {
        var name = column.header();
        var attribute = type.attributes().stream()
                .filter(a -> a.refersTo() == null) // what it leads to is in no file of this load
                .filter(a -> compact(a.name()).equals(compact(name)))
                .map(Attribute::name)
                .findFirst()
                .orElse(null);
        var reason = "by its name";
        if (attribute == null) {
            if (column.role() != Role.ATTRIBUTE) return new Use(name, null, column.reason());
            if (BY_NAME_ONLY.contains(column.type())) {
                return new Use(name, null, "no attribute of " + type.name() + " is named so");
            }
            attribute = ofType(type, column.type(), compact(name)).orElse(null);
            reason = column.reason();
            if (attribute == null)
                return new Use(name, null, "which " + spoken(column.type()) + " of " + type.name() + " is not clear");
        }
        var other = taken.putIfAbsent(attribute, name);
        return other == null
                ? new Use(name, attribute, reason)
                : new Use(name, null, attribute + " comes from " + other);
    }

    private static Optional<String> ofType(EntityType type, AttributeType wanted, String column) {
        var attributes = type.attributes().stream()
                .filter(a -> a.type() == wanted)
                .map(Attribute::name)
                .toList();
        var named = attributes.stream()
                .filter(name -> column.contains(compact(name)))
                .findFirst();
        if (named.isPresent()) return named;
        boolean unclear = DISTINCT.contains(wanted) && attributes.size() > 1;
        return unclear ? Optional.empty() : attributes.stream().findFirst();
    }

    private static String named(EntityType type, String said) {
        if (type.attribute(said).isPresent()) return said;
        for (var candidate : AttributeType.values()) {
            if (spoken(candidate)
                    .equals(said.toLowerCase(Locale.ROOT).replace('-', ' ').replace('_', ' '))) {
                var attribute = ofType(type, candidate, "");
                if (attribute.isPresent()) return attribute.get();
            }
        }
        throw refused(type.name() + " has no attribute \"" + said + "\"; it has "
                + String.join(
                        ", ", type.attributes().stream().map(Attribute::name).toList())
                + ", and a column can be id, source or ignore");
    }

    private static String compact(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}0-9]", "");
    }

    private static String spoken(AttributeType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.BAD_REQUEST, why);
    }

    /** The mapping as the hub keeps it: read-only. */
    StreamMapping stream(String name) {
        var fields = uses.stream()
                .filter(use -> use.attribute() != null)
                .map(use -> new FieldMapping(use.column(), use.attribute(), List.of(), false))
                .toList();
        if (fields.isEmpty()) {
            throw refused("no column fills an attribute of " + type.name()
                    + "; say what they hold with --map COLUMN=ATTRIBUTE");
        }
        return new StreamMapping(name, type.name(), fields, false, false, null);
    }

    /** Native fields to read. */
    List<String> fields() {
        var fields = new ArrayList<>(uses.stream()
                .filter(use -> use.attribute() != null)
                .map(Use::column)
                .toList());
        if (source != null && !fields.contains(source)) fields.add(source);
        return fields;
    }

    void print(PrintWriter out) {
        int width = Math.min(
                40, uses.stream().mapToInt(use -> use.column().length()).max().orElse(0));
        var line = "  %-" + Math.max(width, 2) + "s  %-16s %s%n";
        out.println("Columns of each " + type.name() + " (change with --map COLUMN=ATTRIBUTE):");
        if (id != null) out.printf(line, id, "(id)", "tells records apart; --id-column names another");
        if (source != null) out.printf(line, source, "(source)", "names the system of each row");
        for (var use : uses)
            out.printf(line, use.column(), use.attribute() == null ? "-" : use.attribute(), use.reason());
        out.flush();
    }
}
