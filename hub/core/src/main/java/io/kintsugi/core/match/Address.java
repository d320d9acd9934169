package io.kintsugi.core.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An address in standard form. Parts are folded; a missing part is empty.
 *
 * @param number house number without leading zeros
 * @param street words of the street without its type, direction and unit, no blanks between them
 * @param unit flat, suite, room
 * @param extra second line
 * @param rest words of a one-line address after the street, where place names cannot be told apart
 */
record Address(
        String number,
        String street,
        String unit,
        String extra,
        String city,
        String region,
        String postcode,
        String[] rest) {
    private static final Set<String> STREET_TYPES = Text.setOf(
            "street st str strasse road rd avenue ave av boulevard blvd blv lane ln drive dr court ct place "
                    + "pl plaza square sq terrace ter tce circle cir crescent cres cr crt highway hwy parkway pkwy way "
                    + "wy close cl grove gr rue via calle avenida weg gasse platz allee laan straat ulitsa ul trail "
                    + "trl loop alley row mews parade pde circuit cct esplanade gardens broadway expressway fwy pike "
                    + "walk rise quay",
            " ");
    private static final Set<String> DIRECTIONS =
            Text.setOf("n s e w ne nw se sw north south east west northeast northwest southeast southwest", " ");
    private static final Set<String> UNITS = Text.setOf(
            "apt apartment appt unit suite ste flat room rm floor fl building bldg bld no lot level shop po "
                    + "box pobox",
            " ");
    private static final Pattern UNIT_BY_FLOOR = Pattern.compile("#[ ]?[0-9]+-[0-9]+");
    private static final Map<String, String> ORDINALS =
            Text.mapOf("first=1st second=2nd third=3rd fourth=4th fifth=5th sixth=6th seventh=7th eighth=8th ninth=9th "
                    + "tenth=10th eleventh=11th twelfth=12th saint=st mount=mt fort=ft");

    /**
     * @param line street with or without a house number, or a whole address
     * @return null if nothing is left
     */
    static Address of(
            String number, String line, String extra, String city, String region, String postcode, boolean whole) {
        var words = new ArrayList<>(Arrays.asList(Text.words(Text.meaningful(streetFirst(line)))));
        var houseNumber = stripZeros(Text.compact(Text.meaningful(number)));
        var unit = "";
        var street = new ArrayList<String>();
        var rest = new ArrayList<String>();
        var code = Text.compact(Text.meaningful(postcode));
        boolean ended = false;
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            boolean hasDigit = hasDigit(word);
            if (UNITS.contains(word) && i + 1 < words.size() && !(street.isEmpty() && houseNumber.isEmpty() && i > 0)) {
                var next = words.get(i + 1);
                if (next.length() == 1 || hasDigit(next) && next.length() < 5) {
                    unit = next;
                    i++;
                    if (!street.isEmpty()) ended = true;
                    continue;
                }
            }
            if (hasDigit && !isOrdinal(word)) {
                if (houseNumber.isEmpty() && !ended) {
                    houseNumber = stripZeros(word);
                    if (!street.isEmpty() && hasType(street)) ended = true;
                } else if (whole && code.isEmpty() && word.length() >= 4) {
                    code = word;
                } else if (unit.isEmpty() && word.length() <= 4) {
                    unit = word;
                } else if (whole && code.isEmpty()) {
                    code = word;
                }
            } else if (ended) {
                rest.add(word);
            } else {
                street.add(ORDINALS.getOrDefault(word, word));
                if (whole && STREET_TYPES.contains(word) && street.size() > 1 && !houseNumber.isEmpty()) ended = true;
            }
        }
        var cityName = Text.compact(Text.meaningful(city));
        var regionName = Regions.standard(Text.meaningful(region));
        var extraLine = Text.compact(Text.meaningful(extra));
        var streetName = streetName(street);
        if (code.length() == 9 && Text.isNumber(code)) code = code.substring(0, 5);
        if (Text.isFiller(code)) code = "";
        if (houseNumber.isEmpty()
                && streetName.isEmpty()
                && extraLine.isEmpty()
                && cityName.isEmpty()
                && code.isEmpty()) {
            return regionName.isEmpty() ? null : new Address("", "", "", "", "", regionName, "", Text.NONE);
        }
        return new Address(
                houseNumber, streetName, unit, extraLine, cityName, regionName, code, rest.toArray(String[]::new));
    }

    /**
     * The part between commas that is a number and a street, and then the others: "Chrysler Building, 405 Lexington Avenue" is said
     * the other way round. The text as it is if no part is one, or the first is.
     */
    private static String streetFirst(String line) {
        if (line == null || line.indexOf(',') < 0) return line;
        var parts = Text.cut(line).split(",");
        for (int i = 0; i < parts.length; i++) {
            var words = Text.words(Text.fold(parts[i]));
            boolean street = words.length > 1
                    && words[0].length() < 6
                    && Character.isDigit(words[0].charAt(0))
                    && !isOrdinal(words[0])
                    && !UNIT_BY_FLOOR.matcher(parts[i].strip()).lookingAt()
                    && hasType(Arrays.asList(words));
            if (!street) continue;
            if (i == 0) return line;
            var order = new ArrayList<>(Arrays.asList(parts));
            order.add(0, order.remove(i));
            return String.join(",", order);
        }
        return line;
    }

    private static String streetName(List<String> words) {
        var name = new StringBuilder();
        for (var word : words) {
            if (!STREET_TYPES.contains(word) && !DIRECTIONS.contains(word)) name.append(shorten(word));
        }
        if (name.isEmpty()) words.forEach(name::append);
        return name.toString();
    }

    /** "Hardenbergstrasse" is "hardenberg", like "Hardenberg Strasse". */
    private static String shorten(String word) {
        for (var ending : List.of("strasse", "straat", "gasse", "weg", "platz", "str")) {
            if (word.length() > ending.length() + 3 && word.endsWith(ending)) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }

    private static boolean hasType(List<String> words) {
        return words.stream()
                .anyMatch(w -> STREET_TYPES.contains(w) || !shorten(w).equals(w));
    }

    private static boolean hasDigit(String word) {
        for (int i = 0; i < word.length(); i++) if (word.charAt(i) >= '0' && word.charAt(i) <= '9') return true;
        return false;
    }

    private static boolean isOrdinal(String word) {
        return word.length() > 2
                && word.charAt(0) <= '9'
                && (word.endsWith("th") || word.endsWith("st") || word.endsWith("nd") || word.endsWith("rd"));
    }

    private static String stripZeros(String number) {
        int i = 0;
        while (i < number.length() - 1 && number.charAt(i) == '0') i++;
        var stripped = number.substring(i);
        return stripped.equals("0") ? "" : stripped;
    }

    boolean hasStreet() {
        return !street.isEmpty();
    }

    @Override
    public String toString() {
        return String.join(" ", Text.distinct(new String[] {number, street, unit, extra, city, region, postcode}));
    }
}
