package io.kintsugi.server.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.server.match.Column.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells from names and contents what the columns of a file hold. Names decide first; contents find what names do not tell, and
 * overrule a name that its values contradict. Immutable.
 */
public final class ColumnRecogniser {
    private static final int FEW = 5; // fewer values than this prove nothing
    private static final int FEW_DISTINCT = 50; // more different values are no categories
    private static final Pattern YEAR = Pattern.compile("(1[5-9]|20)[0-9]{2}");
    private static final List<String> PREFIXES = List.of(
            "primary",
            "secondary",
            "native",
            "home",
            "work",
            "business",
            "billing",
            "shipping",
            "mailing",
            "contact",
            "customer",
            "person",
            "client",
            "patient",
            "other",
            "main",
            "legal",
            "residential",
            "addr",
            "address",
            "current",
            "alternate");

    private final ColumnContents contents;
    private final Map<String, String> meanings = new HashMap<>(); // ID, SOURCE or an attribute type, by compact name

    public ColumnRecogniser(EntityType.Kind kind) {
        contents = new ColumnContents(kind);
        var general = new HashMap<String, String>();
        for (var line : names()) {
            var words = line.split(" ");
            int colon = words[0].indexOf(':');
            if (colon >= 0 && !words[0].substring(0, colon).equals(kind.name())) continue;
            for (int i = 1; i < words.length; i++) {
                (colon < 0 ? general : meanings).put(words[i], words[0].substring(colon + 1));
            }
        }
        general.forEach(meanings::putIfAbsent);
    }

    /**
     * @param header column names; a blank one gets none of the roles
     * @param sample some rows, each as long as the header
     * @return one per column, in order; at most one id and one source
     */
    public List<Column> recognise(List<String> header, List<List<String>> sample) {
        var columns = new ArrayList<Column>();
        var attributes = new HashSet<>(Attribute.RESERVED);
        int id = idColumn(header, sample);
        int source = -1;
        for (int i = 0; i < header.size() && source < 0; i++) {
            if (i != id && "SOURCE".equals(meanings.get(compact(header.get(i)))) && distinct(sample, i) <= 50)
                source = i;
        }
        for (int i = 0; i < header.size(); i++) {
            var name = header.get(i);
            if (i == id) {
                var reason =
                        "ID".equals(meaning(name)) ? "by its name" : "first column with a different value in every row";
                columns.add(new Column(i, name, Role.ID, null, null, reason));
            } else if (i == source) {
                columns.add(new Column(i, name, Role.SOURCE, null, null, "by its name"));
            } else {
                columns.add(attribute(i, name, values(sample, i), attributes));
            }
        }
        return columns;
    }

    private Column attribute(int index, String header, List<String> values, Set<String> taken) {
        if (header.isBlank()) return unused(index, header, "has no name");
        if (values.isEmpty()) return unused(index, header, "empty in the rows looked at");
        var type = typeByName(header);
        String reason = "by its name";
        if (type != null && contradicted(type, values)) {
            return unused(index, header, "named like " + spoken(type) + ", but its values are none");
        }
        if (type == null) {
            type = contents.typeOf(values);
            reason = "by its values";
        }
        if (type == null) {
            type = typeOfUnknown(values);
            reason = "compared as it is, as name and values tell nothing";
        }
        if (type == null) return unused(index, header, "always the same");
        return new Column(index, header, Role.ATTRIBUTE, type, attributeName(header, taken), reason);
    }

    private AttributeType typeByName(String header) {
        var meaning = meaning(header);
        return meaning == null || meaning.equals("ID") || meaning.equals("SOURCE")
                ? null
                : AttributeType.valueOf(meaning);
    }

    private String meaning(String header) {
        var name = compact(header);
        var meaning = meanings.get(name);
        for (boolean shorter = true; meaning == null && shorter; ) {
            shorter = false;
            for (var prefix : PREFIXES) {
                if (name.length() > prefix.length() + 2 && name.startsWith(prefix)) {
                    name = name.substring(prefix.length());
                    meaning = meanings.get(name);
                    if ("ID".equals(meaning) || "SOURCE".equals(meaning)) meaning = null;
                    shorter = true;
                    break;
                }
            }
        }
        if (meaning == null && name.length() > 2 && Character.isDigit(name.charAt(name.length() - 1))) {
            meaning = meanings.get(name.substring(0, name.length() - 1));
        }
        return meaning;
    }

    /** What a column is compared as whose meaning nobody knows; null if it tells no two records apart. */
    private static AttributeType typeOfUnknown(List<String> values) {
        long distinct = values.stream().distinct().count();
        if (distinct < 2) return null;
        boolean few = distinct <= FEW_DISTINCT && distinct * 5 <= values.size();
        return few ? AttributeType.CATEGORY : AttributeType.TEXT;
    }

    private static boolean contradicted(AttributeType type, List<String> values) {
        if (values.size() < FEW) return false;
        return switch (type) {
            case EMAIL -> ColumnContents.share(values, v -> v.indexOf('@') > 0) < 0.1;
            case PHONE -> ColumnContents.share(values, ColumnContents::isPhone) < 0.1;
            case BIRTH_DATE -> ColumnContents.share(values, ColumnContents::isDate) < 0.1;
            case YEAR -> ColumnContents.share(values, v -> YEAR.matcher(v).matches()) < 0.1;
            case NUMBER -> ColumnContents.share(values, v -> v.chars().anyMatch(Character::isDigit)) < 0.1;
            default -> false;
        };
    }

    private int idColumn(List<String> header, List<List<String>> sample) {
        int best = -1;
        for (int i = 0; i < header.size(); i++) {
            var name = compact(header.get(i));
            if (!"ID".equals(meanings.get(name))) continue;
            if (name.equals("id")) return i;
            if (best < 0) best = i;
        }
        if (best >= 0) return best;
        for (int i = 0; i < header.size(); i++) {
            var type = typeByName(header.get(i));
            boolean mayIdentify = type == null || type == AttributeType.IDENTIFIER;
            if (mayIdentify
                    && sample.size() > 1
                    && values(sample, i).size() == sample.size()
                    && distinct(sample, i) == sample.size()) {
                return i;
            }
        }
        return -1;
    }

    private static Column unused(int index, String header, String reason) {
        return new Column(index, header, Role.UNUSED, null, null, reason);
    }

    /** camelCase, and another than any that is taken; adds it to {@code taken}. */
    static String attributeName(String header, Set<String> taken) {
        var name = new StringBuilder();
        for (var word : header.replaceAll("([a-z0-9])([A-Z])", "$1 $2").split("[^A-Za-z0-9]+")) {
            if (word.isEmpty()) continue;
            var lower = word.toLowerCase(Locale.ROOT);
            name.append(name.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
        }
        if (name.isEmpty() || !Character.isLetter(name.charAt(0))) name.insert(0, "column");
        if (name.length() > 56) name.setLength(56);
        var unique = name.toString();
        for (int i = 2; !taken.add(unique); i++) unique = name + Integer.toString(i);
        return unique;
    }

    private static List<String> values(List<List<String>> sample, int column) {
        return sample.stream()
                .map(row -> row.get(column).strip())
                .filter(v -> !v.isEmpty())
                .toList();
    }

    private static long distinct(List<List<String>> sample, int column) {
        return sample.stream().map(row -> row.get(column)).distinct().count();
    }

    private static String spoken(AttributeType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String compact(String header) {
        var letters = Normalizer.normalize(header, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        return letters.replace("\u00df", "ss").replaceAll("[^\\p{L}0-9]", "");
    }

    private static List<String> names() {
        try (var in = ColumnRecogniser.class.getResourceAsStream("column-names.txt");
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped list of column names", e);
        }
    }
}
