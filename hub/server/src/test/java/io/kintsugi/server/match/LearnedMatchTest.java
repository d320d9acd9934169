package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training.Label;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matching with weights learned from the records, on made-up data of kinds that no shipped weight was set on. */
class LearnedMatchTest {
    private static final EntityType CITIZEN = type(
            EntityType.Kind.PERSON,
            "given=GIVEN_NAME family=FAMILY_NAME birth=BIRTH_DATE town=CITY phone=PHONE ward=TEXT");
    private static final EntityType PRODUCT =
            type(EntityType.Kind.ITEM, "title=TITLE price=NUMBER maker=CATEGORY about=TEXT");

    static LongStream seeds() {
        return LongStream.range(0, 5);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-2: what is learned does not depend on the order of the records")
    void learningDoesNotDependOnOrder(long seed) {
        var records = citizens(400, 3);
        var expected = learn(CITIZEN, records, Set.of());
        Collections.shuffle(records, new Random(seed));
        var result = learn(CITIZEN, records, Set.of());
        assertThat(result.clusters()).isEqualTo(expected.clusters());
        assertThat(result.learned().training().rules())
                .isEqualTo(expected.learned().training().rules());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRegisterOfAnotherCountryIsMatched(long seed) {
        var score = f1(learn(CITIZEN, citizens(1_500, seed), Set.of()));
        assertThat(score).isGreaterThan(0.9);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void productsOfTwoShopsAreToldApartByTheirModelNumbers(long seed) {
        var score = f1(learn(PRODUCT, products(500, seed), Set.of("a", "b")));
        assertThat(score).isGreaterThan(0.95);
    }

    @Test
    void twoRecordsLearnNothingAndNoneAreNothing() {
        assertThat(learn(CITIZEN, List.of(), Set.of()).clusters()).isEmpty();
        var two = citizens(1, 1);
        assertThat(learn(CITIZEN, two, Set.of()).learned().training().rules().comparisons())
                .isNotEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-11: what people judged is learned: what the pairs have that they said are the same speaks more for a match")
    void verdictsTeach(long seed) {
        var matcher = new Matcher(CITIZEN, Matcher.defaults(CITIZEN));
        var profiles = profiles(matcher, CITIZEN, citizens(200, seed)).toArray(Profile[]::new);
        Arrays.sort(profiles, Comparator.comparing(Profile::key));
        var same = new ArrayList<Label>(); // pairs of one family name with two phones
        for (int a = 0; a < profiles.length; a++) {
            for (int b = a + 1; b < profiles.length && same.size() < 60; b++) {
                var found = matcher.compare(profiles[a], profiles[b]);
                boolean like = level(found, "familyName").equals("exact");
                if (like && level(found, "phone").equals("different")) same.add(new Label(a, b, true));
            }
        }
        assertThat(same).hasSize(60);
        var two = same.stream()
                .map(label -> new Label(label.a(), label.b(), false))
                .toList();
        double none = phones(matcher, profiles, List.of());
        assertThat(phones(matcher, profiles, same)).isGreaterThan(none + 0.5);
        assertThat(phones(matcher, profiles, two)).isLessThan(none + 0.01);
        var ordered = BatchMatch.teach(matcher, profiles, same);
        Collections.shuffle(same, new Random(seed));
        assertThat(BatchMatch.teach(matcher, profiles, same)).as("in any order").isEqualTo(ordered);
    }

    /** What two phones say for a match, in bits. */
    private static double phones(Matcher matcher, Profile[] profiles, List<Label> labels) {
        var rules = BatchMatch.teach(matcher, profiles, labels)
                .rules()
                .comparison("phone")
                .orElseThrow();
        return rules.levels().get(rules.indexOf("different")).bits();
    }

    private static String level(MatchDecision found, String comparison) {
        return found.evidence().stream()
                .filter(evidence -> evidence.name().equals(comparison))
                .map(Evidence::level)
                .findFirst()
                .orElse("");
    }

    @Test
    @DisplayName("ID-5: a value that many things share is listed, and brings nobody together")
    void aSharedValueIsGeneric() {
        var records = new ArrayList<Map<String, String>>();
        for (var person : citizens(300, 5)) {
            var values = new HashMap<>(person);
            if (values.get("id").hashCode() % 2 == 0) values.put("phone", "702-919-1300");
            values.remove("birth");
            records.add(values);
        }
        var result = learn(CITIZEN, records, Set.of());
        assertThat(result.learned().generic())
                .anyMatch(generic ->
                        generic.what().equals("phone") && generic.value().equals("7029191300"));
        assertThat(result.clusters()).allMatch(cluster -> cluster.size() < 10);
    }

    @Test
    @DisplayName("hostile records are matched without a crash and without being all one")
    void hostileRecords() {
        var traps = List.of(
                "x".repeat(10_000),
                "\uD800\uDC00\uD800",
                "e\u0301\u0301",
                "\u202Eevil\u202C",
                "\uD83D\uDE00\uD83D\uDE00",
                "a\0b",
                "n/a",
                "");
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < 2_000; i++) {
            var values = new HashMap<String, String>();
            values.put("id", "h" + i);
            values.put("ward", "the same for all of them");
            values.put("given", traps.get(i % traps.size()));
            values.put("family", traps.get(i / 8 % traps.size()));
            values.put("birth", i % 3 == 0 ? "1980-01-01" : traps.get(i % 5));
            values.put("phone", i % 2 == 0 ? "0049 30 1234567" : traps.get(i % 7));
            records.add(values);
        }
        var result = learn(CITIZEN, records, Set.of());
        assertThat(result.clusters().stream().mapToInt(Set::size).sum()).isEqualTo(2_000);
        assertThat(result.dropped()).isNotEmpty();
        assertThat(result.compared()).isLessThan(400_000);
    }

    private static BatchMatch.Result learn(
            EntityType type, List<Map<String, String>> records, Set<String> duplicateFree) {
        var matcher = new Matcher(type, Matcher.defaults(type).withDuplicateFree(duplicateFree));
        return BatchMatch.learn(matcher, profiles(matcher, type, records), List.of(), share -> {});
    }

    private static List<Profile> profiles(Matcher matcher, EntityType type, List<Map<String, String>> records) {
        var profiles = new ArrayList<Profile>();
        for (var values : records) {
            var system = values.getOrDefault("system", "file");
            profiles.add(matcher.profile(new RecordKey(system, type.name(), values.get("id")), values));
        }
        return profiles;
    }

    /** Of pairs; the id up to the dash is the thing. */
    private static double f1(BatchMatch.Result result) {
        var sizes = new HashMap<String, Integer>();
        long found = 0;
        long right = 0;
        for (var cluster : result.clusters()) {
            var things = cluster.stream()
                    .map(key -> key.externalId().split("-")[0])
                    .collect(Collectors.groupingBy(thing -> thing, Collectors.counting()));
            found += (long) cluster.size() * (cluster.size() - 1) / 2;
            for (var entry : things.entrySet()) {
                right += entry.getValue() * (entry.getValue() - 1) / 2;
                sizes.merge(entry.getKey(), entry.getValue().intValue(), Integer::sum);
            }
        }
        long all =
                sizes.values().stream().mapToLong(n -> (long) n * (n - 1) / 2).sum();
        return 2.0 * right / (found + all);
    }

    /** A register with slips, initials, swapped names and gaps; names of no table. */
    private static List<Map<String, String>> citizens(int people, long seed) {
        var random = new Random(seed);
        var given = List.of(
                "Sławomir", "Małgorzata", "Zbigniew", "Jadwiga", "Wojciech", "Bogusława", "Tadeusz", "Krystyna");
        var parts = List.of("Kow", "Wiś", "Dąb", "Lew", "Zie", "Woź", "Krół", "Maz", "Jab", "Now", "Paw", "Gór");
        var ends = List.of("alski", "niewski", "rowska", "andowski", "liński", "niak", "ewicz", "urek", "czyk", "ak");
        var towns = List.of("Łódź", "Kraków", "Gdańsk", "Poznań", "Bydgoszcz", "Lublin", "Katowice");
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < people; i++) {
            var person = new HashMap<String, String>();
            person.put("given", pick(given, random));
            person.put("family", pick(parts, random) + pick(ends, random));
            person.put(
                    "birth",
                    String.format(
                            "%02d.%02d.%d", 1 + random.nextInt(28), 1 + random.nextInt(12), 1930 + random.nextInt(80)));
            person.put("town", pick(towns, random));
            person.put("phone", "+48 " + (500_000_000 + random.nextInt(399_999_999)));
            person.put("ward", "ward " + random.nextInt(40));
            int copies = 1 + random.nextInt(3);
            for (int copy = 0; copy < copies; copy++) {
                var values = new HashMap<>(person);
                values.put("id", "c" + i + "-" + copy);
                if (random.nextInt(4) == 0) values.remove("phone");
                if (random.nextInt(8) == 0) values.remove("birth");
                if (random.nextInt(6) == 0) values.put("family", slip(values.get("family"), random));
                if (random.nextInt(12) == 0)
                    values.put("given", values.get("given").substring(0, 1));
                if (random.nextInt(20) == 0) {
                    var swapped = values.get("given");
                    values.put("given", values.get("family"));
                    values.put("family", swapped);
                }
                records.add(values);
            }
        }
        return records;
    }

    /** Two shops that describe the same things in other words; variants differ in the model number alone. */
    private static List<Map<String, String>> products(int things, long seed) {
        var random = new Random(seed);
        var makers = List.of("Nordlux", "Tavira", "Okumo", "Belmont", "Praxis");
        var nouns = List.of(
                "Dishwasher", "Digital Camera", "Headphones", "LCD Television", "Laser Printer", "Microwave Oven");
        var extras =
                List.of("Stainless Steel", "Black", "White", "Wireless", "Compact", "Professional", "Silver Finish");
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < things; i++) {
            var maker = pick(makers, random);
            var noun = pick(nouns, random);
            var model = "" + (char) ('A' + random.nextInt(26)) + (char) ('A' + random.nextInt(26))
                    + (1000 + random.nextInt(9000));
            double price = 20 + random.nextInt(900);
            var one = new HashMap<String, String>();
            one.put("id", "p" + i + "-a");
            one.put("system", "a");
            one.put("maker", maker);
            one.put("title", maker + " " + pick(extras, random) + " " + noun + " - " + model);
            one.put("price", Double.toString(price));
            records.add(one);
            if (random.nextInt(3) == 0) continue;
            var other = new HashMap<String, String>();
            other.put("id", "p" + i + "-b");
            other.put("system", "b");
            other.put(
                    "title",
                    noun + " " + model.charAt(0) + model.charAt(1) + "-" + model.substring(2) + " by " + maker);
            if (random.nextInt(2) == 0) other.put("price", Double.toString(price * (0.9 + random.nextDouble() / 5)));
            other.put("about", pick(extras, random) + ", " + pick(extras, random) + " with warranty");
            records.add(other);
        }
        return records;
    }

    private static String slip(String word, Random random) {
        int at = 1 + random.nextInt(word.length() - 2);
        return random.nextBoolean()
                ? word.substring(0, at) + word.substring(at + 1)
                : word.substring(0, at)
                        + word.charAt(at + 1)
                        + word.charAt(at)
                        + word.substring(Math.min(word.length(), at + 2));
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static EntityType type(EntityType.Kind kind, String attributes) {
        var list = new ArrayList<Attribute>();
        for (var attribute : attributes.split(" ")) {
            var parts = attribute.split("=");
            list.add(new Attribute(parts[0], AttributeType.valueOf(parts[1]), null));
        }
        return new EntityType("thing", kind, list);
    }
}
