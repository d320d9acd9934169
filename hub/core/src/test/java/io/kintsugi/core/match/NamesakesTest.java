package io.kintsugi.core.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.HashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** People of one name, and one person whose facts are written in several ways. */
class NamesakesTest {
    private static final String HOME = " street=3212 W. 32nd St city=Palm Harbor postcode=34683";
    private static final Matcher MATCHER = matcher();

    @Test
    void fatherAndSonOfOneNameAndHomeAreNoMatch() {
        var decision = compare(
                "given=John family=Smith birth=1970-10-10" + HOME, "given=John family=Smith birth=1990-03-15" + HOME);
        assertThat(decision.decision()).isNotEqualTo(Decision.MATCH);
        assertThat(contradicts(
                        "given=John family=Smith birth=1970-10-10" + HOME,
                        "given=John family=Smith birth=1990-03-15" + HOME))
                .isTrue();
    }

    @Test
    void whoTellsNoBirthDateContradictsNeither() {
        assertThat(contradicts("given=John family=Smith" + HOME, "given=John family=Smith birth=1990-03-15" + HOME))
                .isFalse();
    }

    @Test
    void juniorAndSeniorContradictEachOther() {
        assertThat(contradicts(
                        "given=David family=Dobbins suffix=Jr" + HOME, "given=David family=Dobbins suffix=Sr" + HOME))
                .isTrue();
    }

    @Test
    void theInitialOfAShortFormIsAnInitial() {
        assertThat(level(compare("given=Robert family=Smith", "given=B family=Smith"), "givenName"))
                .isEqualTo("initial");
        assertThat(level(compare("given=Bob family=Smith", "given=R family=Smith"), "givenName"))
                .isEqualTo("initial");
        assertThat(level(compare("given=Robert family=Smith", "given=K family=Smith"), "givenName"))
                .isEqualTo("other");
    }

    @Test
    void dayAndMonthMayBeSwappedBesideASlipOfTheYear() {
        assertThat(level(compare("family=Smith birth=1978-12-11", "family=Smith birth=1979-11-12"), "birthDate"))
                .isEqualTo("two parts");
        assertThat(level(compare("family=Smith birth=1978-12-11", "family=Smith birth=1989-11-12"), "birthDate"))
                .isEqualTo("different");
    }

    @Test
    @DisplayName(
            "parent and child born on the same day of a month are a generation apart, whatever part agrees by chance")
    void aGenerationApartIsAGenerationApart() {
        assertThat(birth("1964-06-10", "2006-03-10")).isEqualTo("generation");
        assertThat(birth("1964-06-10", "2006-06-21")).isEqualTo("generation");
        assertThat(birth("1964-06-10", "1974-06-10")).isEqualTo("slip");
    }

    @Test
    @DisplayName("a damaged day and month of one year are another thing than a day that agrees by chance")
    void theSameYearSaysMoreThanTheSameDay() {
        assertThat(birth("1964-06-10", "1964-01-01")).isEqualTo("same year");
        assertThat(birth("1964-06-10", "1971-03-10")).isEqualTo("one part");
    }

    private static String birth(String a, String b) {
        return level(compare("family=Smith birth=" + a, "family=Smith birth=" + b), "birthDate");
    }

    @Test
    @DisplayName("father and son share a middle name as often as two records of one person do")
    void aSharedMiddleNameTellsNoNamesakeFromTheSame() {
        var without = compare("given=John family=Smith" + HOME, "given=John family=Smith" + HOME);
        var with =
                compare("given=John middle=Henry family=Smith" + HOME, "given=John middle=Henry family=Smith" + HOME);
        assertThat(with.score()).isCloseTo(without.score(), within(1.0));
    }

    @Test
    void namesAgreeAcrossTranscriptionsOfX() {
        assertThat(Sound.sameConsonants("alexander", "aliaksandr")).isTrue();
        assertThat(Sound.sameConsonants("alexander", "alistair")).isFalse();
    }

    @Test
    @DisplayName("an address says the same whether the name of the building comes before or after the street")
    void theStreetIsFoundBehindABuilding() {
        assertThat(street("Chrysler Building, 405 Lexington Avenue")).isEqualTo(street("405 Lexington Avenue"));
        assertThat(street("Suite 900, 1450 N City Rd")).isEqualTo(street("1450 N City Rd"));
        assertThat(street("#01-11, HillV2, 4 Hillview Rise")).isEqualTo(street("4 Hillview Rise"));
        assertThat(street("4 Hillview Rise, Tower 2")).startsWith("4 hillview");
    }

    private static String street(String line) {
        var address = Address.of("", line, "", "", "", "", true);
        return address.number() + " " + address.street();
    }

    private static MatchDecision compare(String a, String b) {
        return MATCHER.compare(profile("1", a), profile("2", b));
    }

    private static boolean contradicts(String a, String b) {
        boolean result = MATCHER.contradicts(profile("1", a), profile("2", b));
        assertThat(MATCHER.contradicts(profile("2", b), profile("1", a))).isEqualTo(result);
        return result;
    }

    private static String level(MatchDecision decision, String comparison) {
        return decision.evidence().stream()
                .filter(evidence -> evidence.name().equals(comparison))
                .findFirst()
                .orElseThrow()
                .level();
    }

    private static Profile profile(String id, String values) {
        var attributes = new HashMap<String, String>();
        for (var value : values.split(" (?=[a-z]+=)")) {
            var parts = value.split("=");
            attributes.put(parts[0], parts[1]);
        }
        return MATCHER.profile(new RecordKey("crm", "contact", id), attributes);
    }

    private static Matcher matcher() {
        var attributes = new ArrayList<Attribute>();
        for (var pair :
                ("given=GIVEN_NAME middle=MIDDLE_NAME family=FAMILY_NAME suffix=NAME_SUFFIX birth=BIRTH_DATE street=STREET city=CITY "
                                + "postcode=POSTCODE")
                        .split(" ")) {
            var parts = pair.split("=");
            attributes.add(new Attribute(parts[0], AttributeType.valueOf(parts[1]), null));
        }
        var type = new EntityType("contact", EntityType.Kind.PERSON, attributes);
        return new Matcher(type, Matcher.defaults(type));
    }
}
