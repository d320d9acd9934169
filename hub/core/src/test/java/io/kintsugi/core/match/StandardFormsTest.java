package io.kintsugi.core.match;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void aNameOfPlaceholdersIsNoName() {
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
        "+7(4812)85-62-34, 4812856234",
        "+49 (0)30 901820, 30901820",
        "030 901820, 30901820"
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
        "1978-12-11T10:00:00Z, 19781211",
        "1949, 19490000"
    })
    void daysAreReadInTheWaysPeopleWriteThem(String raw, int day) {
        assertThat(Day.of(raw)).isEqualTo(day);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1900-01-01",
                "01/01/1900",
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
                "Acme > acme"
            })
    void legalFormsAreTakenOffOrganisationNames(String raw, String standard) {
        assertThat(OrganisationName.of(raw)).hasToString(standard);
    }
}
