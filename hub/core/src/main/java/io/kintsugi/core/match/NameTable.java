package io.kintsugi.core.match;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How common names are, and which names stand for which. Shipped, so that the weight of a name does not depend on the data that
 * happens to have been seen.
 */
final class NameTable {
    private static final Double RAREST_GIVEN = 11.0;
    private static final Double RAREST_FAMILY = 12.0;
    private static final Map<String, Double> GIVEN = bits("given-names.txt");
    private static final Map<String, Double> FAMILY = bits("family-names.txt");
    private static final Map<String, String[]> FORMS = forms();
    private static final Map<String, String> INITIALS = initials();

    private NameTable() {}

    /** Bits that an agreement on this given name is worth: 5 to 11, rarer names more. A short form is about as common as its name. */
    static double givenBits(String name) {
        double bits = listed(name);
        for (var form : forms(name)) bits = Math.min(bits, listed(form) + 1);
        return bits;
    }

    private static double listed(String name) {
        return GIVEN.getOrDefault(name, RAREST_GIVEN);
    }

    /** Bits that an agreement on this family name is worth: 6 to 12, rarer names more. */
    static double familyBits(String name) {
        return FAMILY.getOrDefault(name, RAREST_FAMILY);
    }

    static boolean isGivenName(String name) {
        return GIVEN.containsKey(name) || FORMS.containsKey(name);
    }

    static boolean isFamilyName(String name) {
        return FAMILY.containsKey(name);
    }

    /** Full names a given name may stand for, itself first; "bob" is bob and robert. */
    static String[] forms(String name) {
        var forms = FORMS.get(name);
        return forms != null ? forms : new String[] {name};
    }

    /** Whether a name, or a form of it, begins with a letter: Robert with b, because of Bob. */
    static boolean mayBegin(String name, char letter) {
        return INITIALS.getOrDefault(name, "").indexOf(letter) >= 0;
    }

    private static Map<String, String> initials() {
        var initials = new HashMap<String, String>();
        for (var line : lines("nicknames.txt")) {
            var names = line.split(" ");
            for (int i = 0; i < names.length; i++) {
                for (int j = 0; j < names.length; j++) {
                    if (i == 0 || j == 0) initials.merge(names[i], names[j].substring(0, 1), String::concat);
                }
            }
        }
        return initials;
    }

    private static Map<String, Double> bits(String resource) {
        var bits = new HashMap<String, Double>();
        for (var line : lines(resource)) {
            int blank = line.indexOf(' ');
            bits.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
        }
        return bits;
    }

    /** Each line is a full name and its short forms. */
    private static Map<String, String[]> forms() {
        var full = new HashMap<String, List<String>>();
        for (var name : GIVEN.keySet()) full.put(name, new ArrayList<>(List.of(name)));
        for (var line : lines("nicknames.txt")) {
            var names = line.split(" ");
            for (var name : names) {
                var forms = full.computeIfAbsent(name, n -> new ArrayList<>(List.of(n)));
                if (!forms.contains(names[0])) forms.add(names[0]);
            }
        }
        var forms = new HashMap<String, String[]>();
        full.forEach((name, list) -> {
            // commonest first, as keys take only the first few
            list.sort(Comparator.comparingDouble((String form) -> form.equals(name) ? 0 : listed(form))
                    .thenComparing(Comparator.naturalOrder()));
            forms.put(name, list.toArray(String[]::new));
        });
        return forms;
    }

    private static List<String> lines(String resource) {
        try (var in = NameTable.class.getResourceAsStream(resource);
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped table " + resource, e);
        }
    }
}
