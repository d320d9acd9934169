package io.kintsugi.server.demo;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Invents people and companies. Telephone numbers and domains are ones that nobody has. */
final class People {
    private static final LocalDate ELDEST = LocalDate.of(1938, 1, 1);
    private static final int DAYS = 24_000;
    private static final int ATTEMPTS = 20; // at a name nobody has yet

    private final Vocabulary words;
    private final SplittableRandom random;
    private final Set<String> names = new HashSet<>();

    People(Vocabulary words, SplittableRandom random) {
        this.words = words;
        this.random = random;
    }

    /** Facts about a new person by attribute of the entity type contact. */
    Map<String, String> person() {
        var country = country();
        var facts = new HashMap<>(address(country));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            facts.put("firstName", words.any(country + (random.nextBoolean() ? ".female" : ".male"), random));
            facts.put("lastName", words.any(country + ".family", random));
            if (names.add(facts.get("firstName") + " " + facts.get("lastName"))) break;
        }
        facts.put("birthDate", ELDEST.plusDays(random.nextInt(DAYS)).toString());
        facts.put("email", email(facts.get("firstName"), facts.get("lastName")));
        facts.put("phone", phone(country));
        return facts;
    }

    /** Facts about a new company by attribute of the entity type account. */
    Map<String, String> company() {
        var country = country();
        var facts = new HashMap<>(address(country));
        var bare = "";
        int trade = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            trade = random.nextInt(words.all("company.second").size());
            bare = words.any("company.first", random) + " "
                    + words.all("company.second").get(trade);
            if (names.add(bare)) break;
        }
        facts.put("name", bare + " " + words.any(country + ".legal", random));
        facts.put("website", "www." + plain(bare) + random.nextInt(10, 100) + ".example");
        facts.put("phone", phone(country));
        facts.put("taxId", country + Vocabulary.digits("#########", random));
        facts.put("industry", words.all("company.industry").get(trade));
        return facts;
    }

    String country() {
        var all = words.all("countries");
        // more than half from the first few, so that names repeat as they do in life
        return random.nextInt(100) < 35 ? all.get(random.nextInt(3)) : Mess.any(all, random);
    }

    Map<String, String> address(String country) {
        var city = words.any(country + ".city", random);
        int postcodeAt = firstCode(city);
        var code = city.substring(postcodeAt).split("/");
        var street = words.any(country + ".street", random).replace("#", Integer.toString(1 + random.nextInt(180)));
        return Map.of(
                "street",
                street,
                "postcode",
                code[0] + Vocabulary.digits("#".repeat(Integer.parseInt(code[1])), random) + tail(country),
                "city",
                city.substring(0, postcodeAt).strip(),
                "country",
                country);
    }

    private static int firstCode(String city) {
        int at = city.indexOf('/');
        for (int i = 0; i < at; i++) if (Character.isDigit(city.charAt(i))) return city.lastIndexOf(' ', i) + 1;
        throw new IllegalStateException("no postcode in " + city);
    }

    private String tail(String country) {
        return switch (country) {
            case "GB" -> (char) ('A' + random.nextInt(20)) + "" + (char) ('A' + random.nextInt(20));
            case "NL" -> " " + (char) ('A' + random.nextInt(20)) + (char) ('A' + random.nextInt(20));
            default -> "";
        };
    }

    String phone(String country) {
        return "+" + Vocabulary.digits(words.all(country + ".phone").get(0), random);
    }

    String email(String given, String family) {
        var name =
                switch (random.nextInt(3)) {
                    case 0 -> plain(given) + "." + plain(family);
                    case 1 -> plain(given).substring(0, 1) + plain(family);
                    default -> plain(given) + random.nextInt(60, 100);
                };
        return name + "@" + words.any("mailboxes", random);
    }

    /** Letters without accents, in lower case. */
    static String plain(String text) {
        return Normalizer.normalize(
                        text.replace("ß", "ss")
                                .replace("ł", "l")
                                .replace("Ł", "L")
                                .replace("ı", "i"),
                        Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z]", "");
    }
}
