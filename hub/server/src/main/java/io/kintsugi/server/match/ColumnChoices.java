package io.kintsugi.server.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.server.match.Column.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What somebody said about the columns of a file. Wins over what was recognised.
 *
 * @param meanings by column name: an attribute type such as {@code given-name}, or {@code id}, {@code source} or {@code ignore}
 */
public record ColumnChoices(Map<String, String> meanings) {
    public ColumnChoices {
        meanings = Map.copyOf(meanings);
    }

    /** @throws IllegalArgumentException if a column or a meaning does not exist; the message says which do */
    public List<Column> applyTo(List<Column> recognised) {
        var headers = recognised.stream().map(Column::header).toList();
        for (var name : meanings.keySet().stream().sorted().toList()) {
            if (!headers.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no column \"" + name + "\"; the file has " + String.join(", ", headers));
            }
        }
        for (var one : List.of("id", "source")) {
            var chosen = headers.stream()
                    .filter(name -> one.equals(meanings.get(name)))
                    .distinct()
                    .toList();
            if (chosen.size() > 1) {
                throw new IllegalArgumentException(
                        "columns " + String.join(", ", chosen) + " are both said to be the " + one + "; say it of one");
            }
        }
        boolean idChosen = meanings.containsValue("id");
        boolean sourceChosen = meanings.containsValue("source");
        var taken = new HashSet<>(Attribute.RESERVED);
        for (var column : recognised) if (column.attribute() != null) taken.add(column.attribute());
        var columns = new ArrayList<Column>();
        for (var column : recognised) {
            var meaning = meanings.get(column.header());
            if (meaning != null) {
                columns.add(chosen(column, meaning, taken));
            } else if (idChosen && column.role() == Role.ID || sourceChosen && column.role() == Role.SOURCE) {
                columns.add(with(column, Role.UNUSED, "another column was chosen"));
            } else {
                columns.add(column);
            }
        }
        return columns;
    }

    private static Column chosen(Column column, String meaning, HashSet<String> taken) {
        return switch (meaning) {
            case "id" -> with(column, Role.ID, "as you said");
            case "source" -> with(column, Role.SOURCE, "as you said");
            case "ignore" -> with(column, Role.UNUSED, "as you said");
            default ->
                new Column(
                        column.index(),
                        column.header(),
                        Role.ATTRIBUTE,
                        type(meaning),
                        column.attribute() != null
                                ? column.attribute()
                                : ColumnRecogniser.attributeName(column.header(), taken),
                        "as you said");
        };
    }

    private static Column with(Column column, Role role, String reason) {
        return new Column(column.index(), column.header(), role, null, null, reason);
    }

    private static AttributeType type(String meaning) {
        var name = meaning.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(AttributeType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a column cannot hold \"" + meaning
                        + "\"; it can hold id, "
                        + "source, ignore, "
                        + Arrays.stream(AttributeType.values())
                                .map(type ->
                                        type.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .collect(Collectors.joining(", "))));
    }
}
