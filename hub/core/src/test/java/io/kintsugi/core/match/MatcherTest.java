package io.kintsugi.core.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
    private static final EntityType CONTACT = type(
            "contact",
            EntityType.Kind.PERSON,
            "given=GIVEN_NAME family=FAMILY_NAME suffix=NAME_SUFFIX gender=GENDER birth=BIRTH_DATE email=EMAIL phone=PHONE "
                    + "street=STREET city=CITY postcode=POSTCODE company=ORGANISATION_NAME ssn=IDENTIFIER");
    private static final EntityType ACCOUNT = type(
            "account",
            EntityType.Kind.ORGANISATION,
            "name=ORGANISATION_NAME web=DOMAIN phone=PHONE street=STREET city=CITY postcode=POSTCODE taxId=IDENTIFIER");
    private static final EntityType PAPER =
            type("paper", EntityType.Kind.ITEM, "title=TITLE authors=PERSON_LIST venue=CATEGORY year=YEAR");
    private static final String HOME = " street=12 Oak Lane city=Salem postcode=97301";

    @Test
    void nicknameBirthDateAndAddressAreTheSamePerson() {
        var decision = compare(
                CONTACT,
                "given=Robert family=Smith birth=1978-12-11 street=12 Oak Lane city=Salem",
                "given=Bob family=Smith birth=12/11/1978 street=12 Oak Ln. city=Salem");
        assertThat(decision.decision()).isEqualTo(Decision.MATCH);
        assertThat(level(decision, "givenName")).isEqualTo("nickname");
    }

    @Test
    void aCommonNameAloneIsNotEnough() {
        assertThat(decide(CONTACT, "given=John family=Smith", "given=John family=Smith"))
                .isEqualTo(Decision.NO_MATCH);
    }

    @Test
    void aHouseholdIsOneFact() {
        var decision = compare(
                CONTACT, "family=Garrison phone=702-919-1300" + HOME, "family=Garrison phone=702-919-1300" + HOME);
        assertThat(decision.decision()).isNotEqualTo(Decision.MATCH);
        assertThat(level(decision, "household")).isNotNull();
    }

    @Test
    void twinsStayApart() {
        assertThat(decide(
                        CONTACT,
                        "given=Anna family=Garrison birth=1990-05-17 gender=f phone=702-919-1300" + HOME,
                        "given=Thomas family=Garrison birth=1990-05-17 gender=m phone=702-919-1300" + HOME))
                .isNotEqualTo(Decision.MATCH);
    }

    @Test
    void seniorAndJuniorStayApart() {
        assertThat(decide(
                        CONTACT,
                        "given=David family=Dobbins suffix=Jr phone=702-919-1300" + HOME,
                        "given=David family=Dobbins suffix=Sr phone=702-919-1300" + HOME))
                .isEqualTo(Decision.NO_MATCH);
        assertThat(decide(
                        CONTACT,
                        "given=David family=Dobbins birth=1985-03-02" + HOME,
                        "given=David family=Dobbins birth=1955-08-19" + HOME))
                .isNotEqualTo(Decision.MATCH);
    }

    @Test
    @DisplayName("ID-10: a value that too many hold speaks neither for nor against; what many share by nature stays")
    void whatTooManyHoldSaysNothing() {
        var matcher = new Matcher(CONTACT, Matcher.defaults(CONTACT));
        var desk = "given=John family=Smith birth=1980-01-01 email=desk@acme.example phone=702-919-1300 ssn=77-1";
        var one = profile(matcher, "a", desk);
        var keys = matcher.valueKeys(one);
        assertThat(matcher.blockKeys(one)).containsAll(keys);
        assertThat(keys).hasSize(3);
        assertThat(matcher.without(one, Set.of())).isSameAs(one);
        assertThat(matcher.without(one, Set.of("contact:email:another@acme.example")))
                .isSameAs(one);
        for (var key : keys)
            assertThat(matcher.valueKeys(matcher.without(one, Set.of(key))))
                    .doesNotContain(key)
                    .hasSize(2);
        var bare = matcher.without(one, keys);
        var other = profile(matcher, "b", "given=John family=Smith birth=1980-01-01");
        var apart = profile(matcher, "c", "given=John family=Smith birth=1980-01-01 phone=415-555-0134 ssn=99-2");
        assertThat(matcher.score(bare, other))
                .isEqualTo(matcher.score(profile(matcher, "a", "given=John family=Smith birth=1980-01-01"), other));
        assertThat(matcher.score(bare, apart)).isGreaterThan(matcher.score(one, apart));
        assertThat(matcher.without(one, matcher.blockKeys(one)).births).hasSize(1);
    }

    @Test
    void swappedNamesAgree() {
        var decision = compare(
                CONTACT,
                "given=Daniella family=Shaw birth=1991-08-20 phone=202-321-3212",
                "given=Shaw family=Daniella birth=1991-08-20 phone=321-3212");
        assertThat(decision.decision()).isEqualTo(Decision.MATCH);
        assertThat(level(decision, "nameOrder")).isEqualTo("swapped");
    }

    @Test
    void namesAgreeAcrossScripts() {
        assertThat(decide(
                        CONTACT,
                        "given=Дмитрий family=Шостакович birth=1996-09-25 city=Москва",
                        "given=Dmitriy family=Shostakovich birth=1996-09-25 city=Moskva"))
                .isEqualTo(Decision.MATCH);
    }

    @Test
    void dayAndMonthMayBeSwapped() {
        assertThat(bits(compare(CONTACT, "given=Al birth=1978-12-11", "given=Al birth=1978-11-12"), "birthDate"))
                .isGreaterThan(6);
        assertThat(bits(compare(CONTACT, "given=Al birth=1978-12-11", "given=Al birth=1955-04-02"), "birthDate"))
                .isLessThan(-5);
    }

    @Test
    void roleAndFreeMailNeverMatchAlone() {
        assertThat(compare(CONTACT, "email=info@acme.com", "email=info@acme.com")
                        .decision())
                .isEqualTo(Decision.NO_MATCH);
        assertThat(compare(CONTACT, "email=ann@gmail.com", "email=joe@gmail.com")
                        .decision())
                .isEqualTo(Decision.NO_MATCH);
    }

    @Test
    void differentIdentifiersSpeakAgainstAndEqualOnesFor() {
        var same = "given=John family=Smith ssn=294-66-9989";
        assertThat(decide(CONTACT, same, same)).isEqualTo(Decision.MATCH);
        assertThat(bits(compare(CONTACT, same, "given=John family=Smith ssn=105-31-7764"), "ssn"))
                .isLessThan(-5);
    }

    @Test
    void anEmployerIsNoName() {
        assertThat(decide(CONTACT, "given=Ann family=Lee company=Acme Inc", "given=Joe family=Wood company=Acme Inc"))
                .isEqualTo(Decision.NO_MATCH);
    }

    @Test
    void theSwitchboardIsNobodyWhoWorksThere() {
        assertThat(decide(
                        CONTACT,
                        "company=Acme Steel phone=702-919-1300",
                        "given=Ann family=Lee company=Acme Steel phone=702-919-1300"))
                .isNotEqualTo(Decision.MATCH);
    }

    @Test
    void anOrganisationWithAContactPersonIsFoundAndMatchedByItsOwnName() {
        var customer = type(
                "customer",
                EntityType.Kind.ORGANISATION,
                "name=ORGANISATION_NAME contact=FULL_NAME street=STREET city=CITY postcode=POSTCODE");
        var one = "name=Müllenkranz Autoworks GmbH contact=Ann Lee" + HOME;
        var other = "name=Mullenkranz Autoworks contact=Joe Wood" + HOME;
        var matcher = new Matcher(customer, Matcher.defaults(customer));
        assertThat(matcher.blockKeys(profile(matcher, "1", one)))
                .anyMatch(key -> key.startsWith("customer:organisation"))
                .anyMatch(matcher.blockKeys(profile(matcher, "2", other))::contains);
        var plain = type("account", EntityType.Kind.ORGANISATION, "name=ORGANISATION_NAME city=CITY");
        var name = "name=Müllenkranz Autoworks city=Salem";
        assertThat(bits(compare(customer, name + " contact=Ann Lee", name + " contact=Ann Lee"), "organisationName"))
                .isEqualTo(bits(compare(plain, name, name), "organisationName"));
    }

    @Test
    void organisationsMatchOverTheirLegalForm() {
        assertThat(decide(
                        ACCOUNT,
                        "name=Müllenkranz Autoworks GmbH web=https://www.muellenkranz.de/kontakt city=Trier",
                        "name=MULLENKRANZ AUTOWORKS web=muellenkranz.de"))
                .isEqualTo(Decision.MATCH);
        assertThat(decide(ACCOUNT, "name=Acme Steel Ltd city=Leeds", "name=Apex Software Ltd city=Leeds"))
                .isEqualTo(Decision.NO_MATCH);
    }

    @Test
    void papersMatchByTitlePeopleAndYear() {
        var one =
                "title=Dual-Buffering Strategies in Object Bases authors=Alfons Kemper, Donald Kossmann year=1994 venue=VLDB";
        assertThat(decide(
                        PAPER,
                        one,
                        "title=Dual buffering strategies in object bases authors=D. Kossmann, A. Kemper year=1994 "
                                + "venue=Very Large Data Bases"))
                .isEqualTo(Decision.MATCH);
        assertThat(
                        decide(
                                PAPER,
                                one,
                                "title=Query Evaluation Techniques for Large Databases authors=Goetz Graefe year=1993 venue=ACM"))
                .isEqualTo(Decision.NO_MATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "given=n/a family=unknown",
                "email=test@test.com phone=0000000000 birth=1900-01-01",
                "city=Salem gender=f",
                "ssn=000-00-0000 phone=999-9999 email=info@acme.com",
                "given=- family=. street=??? postcode=00000"
            })
    @DisplayName("ID-5: blank and placeholder values make no key")
    void placeholdersMakeNoKey(String values) {
        var matcher = new Matcher(CONTACT, Matcher.defaults(CONTACT));
        assertThat(matcher.blockKeys(profile(matcher, "1", values))).isEmpty();
    }

    @Test
    @DisplayName("ID-5: records of nothing but placeholders never match")
    void placeholdersAreNoEvidence() {
        var nobody = "given=unknown family=n/a email=test@test.com phone=0000000000 birth=1900-01-01 ssn=000000000";
        var decision = compare(CONTACT, nobody, nobody);
        assertThat(decision.decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(decision.evidence()).extracting(Evidence::name).containsExactly("prior");
    }

    @Test
    void twinsShareAKeyWhateverTheirSlip() {
        var matcher = new Matcher(CONTACT, Matcher.defaults(CONTACT));
        var full = "given=Robert family=Garrison birth=1978-12-11 phone=702-919-1300 email=rgarrison@work.com" + HOME;
        var keys = matcher.blockKeys(profile(matcher, "1", full));
        assertThat(keys).hasSizeBetween(6, 12).allMatch(key -> key.startsWith("contact:"));
        for (var slip : List.of(
                "given=Bob family=Garrison",
                "given=Garrison family=Robert",
                "given=Robert family=Garison birth=1978-11-12",
                "given=Robert family=Harrison phone=+1 702 919 1300",
                "given=R family=Garrson street=12 Oak Ln")) {
            assertThat(matcher.blockKeys(profile(matcher, "2", slip))).as(slip).anyMatch(keys::contains);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void scoreIsSymmetricAndTheSumOfItsEvidence(long seed) {
        var random = new Random(seed);
        for (var type : List.of(CONTACT, ACCOUNT, PAPER)) {
            var matcher = new Matcher(type, Matcher.defaults(type));
            for (int i = 0; i < 50; i++) {
                var a = matcher.profile(key("a" + i), randomValues(type, random));
                var b = matcher.profile(key("b" + i), randomValues(type, random));
                var decision = matcher.compare(a, b);
                assertThat(decision).isEqualTo(matcher.compare(b, a));
                assertThat(matcher.score(a, b)).isEqualTo(matcher.score(b, a)).isEqualTo(decision.score());
                assertThat(matcher.scoreInOrder(a, b)).isEqualTo(decision.score());
                assertKeysAreToldAsTheyAre(matcher, a);
                assertThat(decision.evidence().stream()
                                .mapToDouble(Evidence::bits)
                                .sum())
                        .isCloseTo(decision.score(), within(1e-9));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-6: a question is left open by two single records as by their pair, whichever comes first, and by nothing worse")
    void whatLeavesAQuestionOpen(long seed) {
        var random = new Random(seed);
        var matcher = new Matcher(CONTACT, Matcher.defaults(CONTACT));
        for (int i = 0; i < 50; i++) {
            var one = cluster(matcher, "a" + i, 1 + random.nextInt(4), random);
            var other = cluster(matcher, "b" + i, 1 + random.nextInt(4), random);
            double best = Double.NEGATIVE_INFINITY;
            double least = Double.POSITIVE_INFINITY;
            for (var a : one) {
                for (var b : other) {
                    best = Math.max(best, matcher.score(a, b));
                    least = Math.min(least, matcher.score(a, b));
                }
            }
            boolean open = matcher.leavesOpen(one, other);
            assertThat(matcher.leavesOpen(other, one)).isEqualTo(open);
            double review = matcher.policy().reviewBits();
            if (best < review) assertThat(open).isFalse();
            if (least >= review) assertThat(open).isTrue();
            double pair = matcher.score(one.get(0), other.get(0));
            assertThat(matcher.leavesOpen(one.subList(0, 1), other.subList(0, 1)))
                    .isEqualTo(pair >= review);
            assertThat(matcher.leavesOpen(one, List.of())).isTrue();
        }
    }

    @Test
    @DisplayName("ID-6: one pair that may be the same is no question where the other records say that it is not")
    void theOtherRecordsOfTwoClustersAnswer() {
        var matcher = new Matcher(CONTACT, Matcher.defaults(CONTACT));
        var brief = profile(matcher, "1", "given=Anna family=Lee email=anna@lee.example");
        var full = profile(matcher, "2", "given=Anna family=Lee email=anna@lee.example birth=1980-03-04");
        var namesake = profile(matcher, "3", "given=Anna family=Lee birth=1951-11-23");
        assertThat(matcher.leavesOpen(List.of(brief), List.of(namesake))).isTrue();
        assertThat(matcher.leavesOpen(List.of(brief, full), List.of(namesake))).isFalse();
    }

    private static List<Profile> cluster(Matcher matcher, String name, int size, Random random) {
        var values = new HashMap<>(randomValues(CONTACT, random));
        return IntStream.range(0, size)
                .mapToObj(i -> {
                    if (random.nextBoolean()) values.putAll(randomValues(CONTACT, random));
                    return matcher.profile(key(name + i), Map.copyOf(values));
                })
                .toList();
    }

    private static void assertKeysAreToldAsTheyAre(Matcher matcher, Profile profile) {
        var told = new TreeSet<String>();
        matcher.eachBlockKey(profile, key -> told.add(key.toString()));
        assertThat(told).isEqualTo(matcher.blockKeys(profile));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void hostileValuesNeverFail(long seed) {
        var random = new Random(seed);
        var hostile = List.of(
                "x".repeat(10_000),
                "\uD800".repeat(500),
                "\0\0\0",
                "\u202Eabc\u202C",
                "e\u0301".repeat(300),
                "\uD83D\uDE00",
                ",".repeat(900),
                "<@>",
                "&#;&#xFFFFFFFF;&;",
                "+".repeat(100),
                "9".repeat(1_000),
                "0/0/0",
                "-1",
                "Jr",
                "\u0661\u0662\u0663",
                "1e999",
                ". . .");
        for (var type : List.of(CONTACT, ACCOUNT, PAPER)) {
            var matcher = new Matcher(type, Matcher.defaults(type));
            for (int i = 0; i < 30; i++) {
                var a = matcher.profile(key("a"), hostileValues(type, hostile, random));
                var b = matcher.profile(key("b"), hostileValues(type, hostile, random));
                matcher.blockKeys(a);
                assertThat(matcher.compare(a, b).score()).isFinite();
            }
        }
    }

    @Test
    void aPolicyOfAnotherTypeIsRefused() {
        assertThatThrownBy(() -> new Matcher(CONTACT, Matcher.defaults(ACCOUNT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("account")
                .hasMessageContaining("contact");
    }

    @Test
    void thresholdsOfThePolicyDecideAndTheRuleSetNamesItsVersion() {
        var strict = new Matcher(
                CONTACT,
                new MatchPolicy(
                        "contact",
                        7,
                        MatchRulesReader.shipped(EntityType.Kind.PERSON).withThresholds(90, 80),
                        Set.of()));
        var a = profile(strict, "1", "given=Ann family=Garrison ssn=294-66-9989");
        assertThat(strict.compare(a, a).decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(strict.ruleSet()).contains("contact").contains("7");
        assertThat(strict.compare(a, a).ruleSet()).isEqualTo(strict.ruleSet());
    }

    private static Map<String, String> randomValues(EntityType type, Random random) {
        var words = List.of(
                "Ann",
                "Anne",
                "Smith",
                "Smyth",
                "12 Oak Lane",
                "1978-12-11",
                "1978-11-12",
                "Acme Inc",
                "acme.com",
                "ann@acme.com",
                "702-919-1300",
                "Salem",
                "97301",
                "f",
                "m",
                "Jr",
                "1994",
                "Object bases, revisited",
                "");
        var values = new HashMap<String, String>();
        for (var attribute : type.attributes()) values.put(attribute.name(), words.get(random.nextInt(words.size())));
        return values;
    }

    private static Map<String, String> hostileValues(EntityType type, List<String> hostile, Random random) {
        var values = new HashMap<String, String>();
        for (var attribute : type.attributes()) {
            values.put(
                    attribute.name(),
                    hostile.get(random.nextInt(hostile.size())) + hostile.get(random.nextInt(hostile.size())));
        }
        return values;
    }

    private static Decision decide(EntityType type, String a, String b) {
        return compare(type, a, b).decision();
    }

    private static MatchDecision compare(EntityType type, String a, String b) {
        var matcher = new Matcher(type, Matcher.defaults(type));
        return matcher.compare(profile(matcher, "1", a), profile(matcher, "2", b));
    }

    private static double bits(MatchDecision decision, String name) {
        return decision.evidence().stream()
                .filter(e -> e.name().equals(name))
                .mapToDouble(Evidence::bits)
                .sum();
    }

    private static String level(MatchDecision decision, String name) {
        return decision.evidence().stream()
                .filter(e -> e.name().equals(name))
                .map(Evidence::level)
                .findFirst()
                .orElse(null);
    }

    /** Reads "name=value name=value"; a value goes on to the next name. */
    private static Profile profile(Matcher matcher, String id, String text) {
        var values = new HashMap<String, String>();
        for (var part : text.split(" (?=[a-zA-Z]+=)")) {
            int sign = part.indexOf('=');
            if (sign > 0) values.put(part.substring(0, sign).strip(), part.substring(sign + 1));
        }
        return matcher.profile(key(id), values);
    }

    private static RecordKey key(String id) {
        return new RecordKey("crm", "any", id);
    }

    private static EntityType type(String name, EntityType.Kind kind, String attributes) {
        var list = new ArrayList<Attribute>();
        for (var attribute : attributes.split(" ")) {
            var parts = attribute.split("=");
            list.add(new Attribute(parts[0], AttributeType.valueOf(parts[1]), null));
        }
        return new EntityType(name, kind, list);
    }
}
