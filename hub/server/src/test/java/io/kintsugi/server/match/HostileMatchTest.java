package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that nobody would wish for. */
class HostileMatchTest {
    private static final EntityType PERSON =
            type("given=GIVEN_NAME family=FAMILY_NAME birth=BIRTH_DATE phone=PHONE email=EMAIL "
                    + "street=STREET city=CITY zip=POSTCODE tax=IDENTIFIER company=ORGANISATION_NAME note=TEXT");
    private static final List<String> TRAPS = List.of(
            "x".repeat(10_000),
            "\uD83D\uDE00".repeat(5_000),
            "e\u0301\u0301",
            "\u202Eevil\u202C",
            "\uD800",
            "\uDC00\uD800",
            "a\0b",
            "\uFEFF",
            "\u00A0\u200B",
            "\uFF26\uFF55\uFF4C\uFF4C",
            "\uFDFA",
            "\u0130stanbul",
            "'; DROP TABLE",
            "9".repeat(400),
            "-",
            "");
    private static final List<String> PLACEHOLDERS = List.of(
            "n/a",
            "N/A",
            "none",
            "NULL",
            "unknown",
            "-",
            "--",
            "?",
            "xxx",
            "TBD",
            "not available",
            "anonymous",
            "",
            " ",
            "\u00A0");
    private static final Map<String, List<String>> OF_ONE_KIND = Map.of(
            "birth", List.of("1900-01-01", "1970-01-01", "9999-12-31", "0000-00-00"),
            "phone", List.of("0000000", "999-999-9999", "+1 555 555 5555", "123456789"),
            "email", List.of("test@test.com", "noreply@example.com", "none@none.com", "n/a@n.a"),
            "zip", List.of("00000", "99999"),
            "tax", List.of("0", "000000000", "999999999", "123456789"));

    /** 100,000 take 34 s of processor time, which is too much for every build; docs/benchmarks.md has their figures. */
    private static final int SIZE = Integer.getInteger("kintsugi.hostile.records", 20_000);

    private static final int NAMESAKES = 1_000;
    private static final int COPIED = 4_000; // records of persons who are there twice
    private static final int EMPTY = 250; // records without any value, and as many with blanks
    private static final int RUBBISH = 250;
    private static final String PHONE = "+49 30 1234568";
    private static final List<String> BLANKS = List.of("", " ", "\u00A0", "\t", "\u00A0\u200B");

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @Test
    @DisplayName(
            "ID-10: records that all share what nobody should share are compared in linear time, are not one, and what was too "
                    + "common is told")
    void manyHostileRecords() {
        var records = hostile();
        int sharing = (int) records.stream()
                .filter(values -> PHONE.equals(values.get("phone")))
                .count();
        assertThat(sharing).isGreaterThan(SIZE * 9 / 10);
        var result = learn(records);
        var clusterOf = new HashMap<String, Integer>();
        for (int i = 0; i < result.clusters().size(); i++) {
            for (var key : result.clusters().get(i)) clusterOf.put(key.externalId(), i);
        }
        assertThat(clusterOf).hasSize(SIZE);
        assertThat(result.clusters().stream().mapToInt(SortedSet::size).sum()).isEqualTo(SIZE);

        assertThat(result.compared()).as("pairs compared").isLessThan(SIZE * 25L);
        assertThat(result.pairs().size()).as("pairs kept").isLessThan(SIZE);
        assertThat(result.dropped())
                .as("keys that too many have")
                .anyMatch(dropped -> dropped.kind().equals("house") && dropped.records() == sharing)
                .anyMatch(dropped -> dropped.kind().equals("name") && dropped.records() >= NAMESAKES);
        assertThat(result.learned().generic())
                .as("values that too many have")
                .anyMatch(generic -> generic.what().equals("phone") && generic.records() == sharing)
                .anyMatch(generic -> generic.what().equals("email") && generic.records() == sharing);

        assertThat(result.clusters()).as("none runs away").allMatch(cluster -> cluster.size() <= 10);
        long alone = result.clusters().stream()
                .filter(cluster -> cluster.size() == 1)
                .count();
        assertThat(alone).as("records alone").isGreaterThan((SIZE - COPIED) * 99L / 100);
        long together = IntStream.range(NAMESAKES, NAMESAKES + COPIED / 2)
                .filter(i -> clusterOf.get("r" + i).equals(clusterOf.get("r" + (i + COPIED / 2))))
                .count();
        assertThat(together).as("copies found, composed and decomposed").isGreaterThan(COPIED / 2 * 95 / 100);
        assertThat(result.unkeyed()).as("of blank records and placeholders").isGreaterThanOrEqualTo(2 * EMPTY);
    }

    /** Persons with one phone, mailbox, address and note; some twice, a few with nothing or rubbish, many of one name and birth date. */
    private static List<Map<String, String>> hostile() {
        var random = new Random(3);
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < SIZE; i++) {
            var values = new HashMap<String, String>();
            records.add(values);
            int last = SIZE - i;
            if (last <= EMPTY) continue;
            for (var attribute : PERSON.attributes()) {
                if (last <= 2 * EMPTY) values.put(attribute.name(), pick(BLANKS, random));
                else if (last <= 2 * EMPTY + RUBBISH) values.put(attribute.name(), pick(TRAPS, random));
            }
            if (!values.isEmpty()) continue;
            values.put("phone", PHONE);
            values.put("email", "shared@corp.example.de");
            values.put("street", "1 Main St");
            values.put("zip", "11111");
            values.put("note", "imported");
            boolean copy = i >= NAMESAKES + COPIED / 2 && i < NAMESAKES + COPIED;
            var of = copy ? records.get(i - COPIED / 2) : null;
            if (i < NAMESAKES) {
                values.putAll(Map.of("given", "Ann", "family", "Namesake", "birth", "1980-05-17"));
            } else if (copy) {
                values.put("given", of.get("given"));
                values.put("family", Normalizer.normalize(of.get("family"), Normalizer.Form.NFD));
                values.put("birth", of.get("birth"));
            } else {
                values.put("given", word(2, random));
                values.put("family", word(3, random) + (i % 2 == 0 ? "\u00e9" : ""));
                values.put(
                        "birth", 1940 + random.nextInt(60) + "-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(9));
            }
        }
        return records;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-5: placeholders and values that everybody has bring nobody together, in any mixture")
    void placeholdersNeverLink(long seed) {
        var random = new Random(seed);
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < 400; i++) {
            var values = new HashMap<String, String>();
            for (var attribute : PERSON.attributes()) {
                var own = random.nextBoolean() ? OF_ONE_KIND.get(attribute.name()) : null;
                values.put(attribute.name(), pick(own == null ? PLACEHOLDERS : own, random));
            }
            if (i % 2 == 0) {
                values.put("given", word(3, random));
                values.put("family", word(4, random));
                values.put("phone", "702-919-1300");
                values.put("email", "frontdesk@corp.example.de");
                values.put("tax", "DE811907980");
            }
            records.add(values);
        }
        var result = learn(records);
        assertThat(result.clusters().stream().filter(cluster -> cluster.size() > 1))
                .isEmpty();
        assertThat(result.learned().generic().stream().map(g -> g.what()).collect(Collectors.toSet()))
                .contains("phone", "email", "tax");
    }

    private static BatchMatch.Result learn(List<Map<String, String>> records) {
        var matcher = new Matcher(PERSON, Matcher.defaults(PERSON));
        var profiles = new ArrayList<Profile>();
        for (int i = 0; i < records.size(); i++) {
            profiles.add(matcher.profile(new RecordKey("file", "person", "r" + i), records.get(i)));
        }
        return BatchMatch.learn(matcher, profiles, List.of(), share -> {});
    }

    private static String word(int syllables, Random random) {
        var parts = List.of("ka", "mo", "ri", "ta", "len", "dor", "vis", "nu", "per", "sal", "go", "bra", "fen", "zul");
        var word = new StringBuilder();
        for (int i = 0; i < syllables; i++) word.append(pick(parts, random));
        return word.toString();
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static EntityType type(String attributes) {
        var list = new ArrayList<Attribute>();
        for (var attribute : attributes.split(" ")) {
            var parts = attribute.split("=");
            list.add(new Attribute(parts[0], AttributeType.valueOf(parts[1]), null));
        }
        return new EntityType("person", EntityType.Kind.PERSON, list);
    }
}
