package io.kintsugi.server.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** What happens to the facts about a customer when different people type them into different systems over the years. */
final class Mess {
    private static final List<String> PLACEHOLDERS = List.of("n/a", "unknown", "-", "none", "xxx");

    private final Vocabulary words;
    private final SplittableRandom random;

    Mess(Vocabulary words, SplittableRandom random) {
        this.words = words;
        this.random = random;
    }

    static String any(List<String> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** A copy of the facts about a person as one system may hold them. */
    Map<String, String> person(Map<String, String> truth, People people) {
        var copy = new HashMap<>(truth);
        if (percent(10)) copy.computeIfPresent("firstName", (a, name) -> words.nickname(name));
        if (percent(4)) copy.computeIfPresent("firstName", (a, name) -> typo(name));
        if (percent(5)) copy.computeIfPresent("lastName", (a, name) -> typo(name));
        if (percent(2)) copy.computeIfPresent("lastName", (a, name) -> "  " + name + " ");
        if (percent(5)) copy.putAll(people.address(truth.get("country")));
        if (percent(5)) copy.put("email", people.email(copy.get("firstName"), copy.get("lastName")));
        if (percent(8)) copy.put("phone", people.phone(truth.get("country")));
        if (percent(6)) copy.remove("email");
        if (percent(8)) copy.remove("phone");
        if (percent(12)) copy.remove("birthDate");
        if (percent(2)) copy.computeIfPresent("birthDate", (a, date) -> swapped(date));
        if (percent(2)) copy.put("email", "noreply@none.com");
        if (percent(2)) copy.put("phone", "000000000");
        if (percent(1)) copy.put("city", any(PLACEHOLDERS, random));
        return copy;
    }

    /** A copy of the facts about a company as one system may hold them. */
    Map<String, String> company(Map<String, String> truth, People people) {
        var copy = new HashMap<>(truth);
        var country = truth.get("country");
        if (percent(30)) copy.put("name", legalForm(copy.get("name"), country));
        if (percent(5)) copy.computeIfPresent("name", (a, name) -> typo(name));
        if (percent(8)) copy.putAll(people.address(country));
        if (percent(15)) copy.put("phone", people.phone(country));
        if (percent(10)) copy.remove("phone");
        if (percent(10)) copy.remove("website");
        if (percent(20)) copy.remove("taxId");
        return copy;
    }

    /** The same company with its legal form left out or written in another way. */
    private String legalForm(String name, String country) {
        for (var form : words.all(country + ".legal")) {
            if (!name.endsWith(" " + form)) continue;
            var bare = name.substring(0, name.length() - form.length() - 1);
            return switch (form) {
                case "Inc." -> bare + (percent(50) ? "" : " Incorporated");
                case "Ltd", "Limited" -> bare + (form.equals("Ltd") ? " Limited" : " Ltd.");
                case "GmbH" -> bare + (percent(50) ? " G.m.b.H." : "");
                case "Corporation" -> bare + " Corp";
                case "Co." -> bare + " Company";
                default -> bare;
            };
        }
        return name;
    }

    /** One slip of the finger: two letters swapped, one lost, one doubled. Short words stay as they are. */
    String typo(String word) {
        if (word.length() < 5) return word;
        int at = 1 + random.nextInt(word.length() - 2);
        return switch (random.nextInt(3)) {
            case 0 -> word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
            case 1 -> word.substring(0, at) + word.substring(at + 1);
            default -> word.substring(0, at) + word.charAt(at) + word.substring(at);
        };
    }

    /** Day and month the wrong way round, where that is a date. */
    private static String swapped(String date) {
        var parts = date.split("-");
        return Integer.parseInt(parts[2]) > 12 ? date : parts[0] + "-" + parts[2] + "-" + parts[1];
    }

    static String upper(String text) {
        return text == null ? null : text.strip().toUpperCase(Locale.ROOT);
    }
}
