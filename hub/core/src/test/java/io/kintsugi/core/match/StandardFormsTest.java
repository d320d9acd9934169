package io.kintsugi.core.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardFormsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "Müller-Lüdenscheidt > muller ludenscheidt",
                "Straße > strasse",
                "O'Brien > obrien",
                "'  two   words ' > two words",
                "Владимир > vladimir",
                "王杰 > wang jie",
                "AT&amp;T > at t",
                "H&#233;ctor > hector",
                "ﬁne ＡＢＣ > fine abc"
            })
    void textIsLowerCaseAsciiWords(String raw, String folded) {
        assertThat(Text.fold(raw)).isEqualTo(folded);
    }

    @Test
    void composedAndDecomposedLettersAreTheSame() {
        assertThat(Text.fold("Jos\u0065\u0301"))
                .isEqualTo(Text.fold("Jos\u00e9"))
                .isEqualTo("jose");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n/a", "N.A.", "unknown", "NULL", "none", "test", "xxx", "-", "  ", "..."})
    void placeholdersMeanNothing(String raw) {
        assertThat(Text.meaningful(raw)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "John Smith > john smith",
                "Smith, John A. > john a smith",
                "Dr. John Smith Jr. > john smith jr",
                "John Smith, III > john smith 3",
                "Ludwig van der Rohe > ludwig vanderrohe",
                "王杰 > jie wang",
                "Cher > cher"
            })
    void wholeNamesAreTakenApart(String full, String parts) {
        assertThat(PersonName.ofFull(full)).hasToString(parts);
    }

    @Test
    void generationWordsMoveOutOfTheFamilyName() {
        assertThat(PersonName.of("David", "", "Dobbins Senior", "").suffix()).isEqualTo("sr");
        assertThat(PersonName.of("David", "", "Dobbins", "Jr.").suffix()).isEqualTo("jr");
        assertThat(PersonName.of("David Jr", "", "Dobbins", "").given()).isEqualTo("david");
    }

    @ParameterizedTest
    @CsvSource({
        "Don, Garrison, don garrison",
        "Don Luis, Garrison, luis garrison",
        "Dr Don, Garrison, don garrison",
        "Hon, Lee, hon lee",
        "Mr, Garrison, garrison",
        "Jisoo, No, jisoo no",
        "Min, Na, min na",
        "No, Garrison, no garrison",
        "Refaeli, Bar, refaeli bar",
        "John, NA, john",
        "John, na, john",
        "John, None, john"
    })
    void whatStandsForATitleOrForNothingCanBeAName(String given, String family, String name) {
        assertThat(PersonName.of(given, "", family, "")).hasToString(name);
    }

    @Test
    void aWholeNameMayBeginWithANameThatIsATitleElsewhere() {
        assertThat(PersonName.ofFull("Don Garrison")).hasToString("don garrison");
        assertThat(PersonName.ofFull("Garrison, Don")).hasToString("don garrison");
        assertThat(PersonName.ofFull("Don Luis Garrison")).hasToString("luis garrison");
        assertThat(PersonName.ofFull("Dr. Garrison")).hasToString("garrison");
    }

    @Test
    void everyNameOfTheShippedTablesIsAName() throws Exception {
        for (var family : names("family-names.txt")) {
            assertThat(PersonName.of("Anna", "", family, "").family()).isEqualTo(family);
        }
        for (var given : names("given-names.txt")) {
            assertThat(PersonName.of(given, "", "Garrison", "").given()).isEqualTo(given);
        }
    }

    private static List<String> names(String table) throws Exception {
        try (var in = StandardFormsTest.class.getResourceAsStream(table)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .toList();
        }
    }

    @Test
    void aNameOfPlaceholdersIsNoName() {
        assertThat(PersonName.of("No", "", "Na", "")).isNull();
        assertThat(PersonName.of("NA", "", "NA", "")).isNull();
        assertThat(PersonName.of("unknown", "", "n/a", "")).isNull();
        assertThat(PersonName.ofFull("???")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bob.Smith+news@Gmail.com | bobsmith@gmail.com",
                "Maria Sentosa<msentosa@fmail.com> | msentosa@fmail.com",
                "mailto:A.B@work.example.co | a.b@work.example.co",
                "x.y@googlemail.com | xy@gmail.com"
            })
    void mailboxesHaveOneForm(String raw, String standard) {
        assertThat(Email.of(raw)).hasToString(standard);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"test@work.com", "none@none.com", "a@b", "@work.com", "a b@work.com", "jim@example.com", "n/a"})
    void whatIsNobodysMailboxIsNone(String raw) {
        assertThat(Email.of(raw)).isNull();
    }

    @Test
    void whatNobodySeesMakesNoDifferenceInAMailboxOrAName() {
        assertThat(Email.of("\u200Bada@\u2060work.com\uFEFF")).isEqualTo(Email.of("ada@work.com"));
        assertThat(Email.of("\u00A0ada@work.com\u2003")).isEqualTo(Email.of("ada@work.com"));
        assertThat(Text.fold("Love\u00ADlace")).isEqualTo("lovelace");
    }

    @Test
    void roleAndFreeMailAreKnown() {
        assertThat(Email.of("info@acme.com").role()).isTrue();
        assertThat(Email.of("jim@gmail.com").free()).isTrue();
        assertThat(Email.of("jim@acme.com").free()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "(702) 919-1300, 7029191300",
        "+1 702 919 1300, 7029191300",
        "17029191300, 7029191300",
        "702.919.1300 x12, 7029191300",
        "Tel: 702-919-1300 x12, 7029191300",
        "702-919-1300 ext. 12, 7029191300",
        "+7(4812)85-62-34, 4812856234",
        "+49 (0)30 901820, 30901820",
        "030 901820, 30901820",
        "＋４９ ３０ ９０１８２０, 30901820",
        "٧٠٢ ٩١٩ ١٣٠٠, 7029191300"
    })
    void phonesAreNationalDigits(String raw, String digits) {
        assertThat(Phone.digits(raw)).isEqualTo(digits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000000000", "1234567890", "999-9999", "n/a", "12", "555-555-5555"})
    void phonesThatNobodyHasAreNone(String raw) {
        assertThat(Phone.digits(raw)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1978-12-11, 19781211",
        "12/11/1978, 19781211",
        "20/8/1991, 19910820",
        "19630721, 19630721",
        "3/1/70, 19700301",
        "Mar 1 1970, 19700301",
        "24-May-11, 20110524",
        "1 June 1999, 19990601",
        "03.04.1980, 19800403",
        "03/04/1980, 19800304",
        "12.31.1980, 19801231",
        "3 Mai 1980, 19800503",
        "3. März 1980, 19800303",
        "14 août 1991, 19910814",
        "3 juillet 1980, 19800703",
        "3 juin 1980, 19800603",
        "3 de diciembre de 1980, 19801203",
        "5 okt 1980, 19801005",
        "１９８０-０３-０４, 19800304",
        "١٩٨٠-٠٣-٠٤, 19800304",
        "1978-12-11T10:00:00Z, 19781211",
        "1949, 19490000",
        "1978-00-00, 19780000",
        "00/00/1978, 19780000"
    })
    void daysAreReadInTheWaysPeopleWriteThem(String raw, int day) {
        assertThat(Day.of(raw)).isEqualTo(day);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1900-01-01",
                "01/01/1900",
                "1900-00-00",
                "1970-01-01",
                "9999-12-31",
                "0000-00-00",
                "soon",
                "1-2",
                "12345",
                "1/2/3/4"
            })
    void placeholdersAreNoDays(String raw) {
        assertThat(Day.of(raw)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "3765 Poplar Road > 3765 poplar",
                "3765 Poplar Rd. > 3765 poplar",
                "7209 Sunset Court Unit 4 > 7209 sunset 4",
                "435 s. la cienega blv. > 435 lacienega",
                "Hardenbergstraße 87 > 87 hardenberg",
                "747 Ninth Ave > 747 9th",
                "Suite 900, 1450 N City Rd > 1450 city 900"
            })
    void streetsHaveOneForm(String line, String standard) {
        assertThat(Address.of("", line, "", "Springfield", "", "", false)).hasToString(standard + " springfield");
    }

    @Test
    void aWholeAddressInOneLineGivesItsStreetAndCode() {
        var address = Address.of("", "3212 W. 32nd St Palm Harbor, FL 60527", "", "", "", "", true);
        assertThat(address.number()).isEqualTo("3212");
        assertThat(address.street()).isEqualTo("32nd");
        assertThat(address.postcode()).isEqualTo("60527");
        assertThat(address.rest()).contains("palm", "harbor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "The Acme Company, Inc. > acme co",
                "ACME G.m.b.H. > acme gmbh",
                "Société Générale S.A. > generale societe sa",
                "Mazur Sp. z o.o. > mazur spzoo",
                "Tata Motors Private Limited > motors tata pvt",
                "Tata Motors Pvt. Ltd. > motors tata pvt",
                "Maju Jaya Sdn Bhd > jaya maju sdnbhd",
                "Siemens Aktiengesellschaft > siemens ag",
                "Acme > acme"
            })
    void legalFormsAreTakenOffOrganisationNames(String raw, String standard) {
        assertThat(OrganisationName.of(raw)).hasToString(standard);
    }
}
