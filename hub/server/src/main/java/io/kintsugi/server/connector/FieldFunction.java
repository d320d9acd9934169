package io.kintsugi.server.connector;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One function of the mapping catalogue: how a native text becomes canonical, and how a canonical one is written back. Laws, kept by
 * a property test for every function: reading is idempotent, {@code read(read(x)) = read(x)}, and what is written reads back as what
 * was meant, {@code read(write(read(x))) = read(x)}.
 *
 * @param read native → canonical; throws {@link IllegalArgumentException} with the expected form for a value it cannot take
 * @param write canonical → native
 */
public record FieldFunction(
        String name, String description, Function<String, String> read, Function<String, String> write) {
    private static final Pattern SPACES = Pattern.compile("[\\s\\u00a0]+");
    private static final Map<String, FieldFunction> CATALOGUE = catalogue();

    /** The catalogue, by name. Functions with an argument are named with it, for example {@code date:dd.MM.uuuu}. */
    public static List<FieldFunction> all() {
        return List.copyOf(CATALOGUE.values());
    }

    /**
     * @param text name, with an argument after a colon where the function takes one
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static FieldFunction named(String text) {
        var function = CATALOGUE.get(text);
        if (function != null) return function;
        if (text.startsWith("date:")) return date(text);
        if (text.startsWith("map:")) return map(text);
        throw new IllegalArgumentException("no mapping function is called \"" + text + "\"; there are "
                + CATALOGUE.keySet() + ", date:PATTERN and map:A=B,C=D");
    }

    private static Map<String, FieldFunction> catalogue() {
        var all = new TreeMap<String, FieldFunction>();
        for (var function : List.of(
                readOnly("trim", "removes space at both ends", String::strip),
                readOnly("collapse", "makes every run of white space one space", s -> SPACES.matcher(s)
                        .replaceAll(" ")
                        .strip()),
                readOnly("lower", "lower case", s -> s.toLowerCase(Locale.ROOT)),
                readOnly("upper", "upper case", s -> s.toUpperCase(Locale.ROOT)),
                readOnly("digits", "keeps digits only", s -> s.replaceAll("[^0-9]", "")),
                readOnly("number", "a plain decimal number, without grouping or trailing zeros", FieldFunction::number),
                readOnly("boolean", "true or false, from true/false, yes/no, y/n, 1/0, t/f", FieldFunction::truth))) {
            all.put(function.name(), function);
        }
        return all;
    }

    private static FieldFunction readOnly(String name, String description, Function<String, String> read) {
        return new FieldFunction(name, description, read, Function.identity());
    }

    private static String number(String text) {
        if (text.isBlank()) return "";
        try {
            var number = new BigDecimal(text.strip());
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number; expected digits with a point, such as 1234.5", e);
        }
    }

    private static String truth(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "" -> "";
            case "true", "yes", "y", "1", "t" -> "true";
            case "false", "no", "n", "0", "f" -> "false";
            default ->
                throw new IllegalArgumentException("neither true nor false; expected yes or no, true or false, 1 or 0");
        };
    }

    private static FieldFunction date(String name) {
        var pattern = name.substring("date:".length());
        DateTimeFormatter format;
        try {
            format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + pattern + "\" is no date pattern; write it such as dd.MM.uuuu", e);
        }
        return new FieldFunction(
                name,
                "a date written as " + pattern + " ↔ ISO 8601",
                text -> {
                    if (text.isBlank()) return "";
                    var trimmed = text.strip();
                    try {
                        return LocalDate.parse(trimmed, format).toString();
                    } catch (DateTimeParseException e) {
                        try {
                            return LocalDate.parse(trimmed).toString(); // canonical already
                        } catch (DateTimeParseException second) {
                            throw new IllegalArgumentException("not a date; expected the form " + pattern, second);
                        }
                    }
                },
                text -> text.isBlank() ? "" : LocalDate.parse(text).format(format));
    }

    private static FieldFunction map(String name) {
        var forward = new TreeMap<String, String>();
        var backward = new TreeMap<String, String>();
        for (var pair : name.substring("map:".length()).split(",")) {
            int at = pair.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException(
                        "\"" + pair + "\" in \"" + name + "\" is no pair; write native=canonical");
            }
            forward.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
            backward.putIfAbsent(
                    pair.substring(at + 1).strip(), pair.substring(0, at).strip());
        }
        for (var canonical : backward.keySet()) {
            var again = forward.getOrDefault(canonical, canonical);
            if (!again.equals(canonical)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" maps " + canonical + " on to " + again + "; make it one step");
            }
        }
        return new FieldFunction(
                name,
                "native values ↔ canonical ones",
                text -> forward.getOrDefault(text, text),
                text -> backward.getOrDefault(text, text));
    }
}
