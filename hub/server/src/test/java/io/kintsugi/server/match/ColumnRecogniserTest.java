package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.EntityType.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnRecogniserTest {
    @Test
    void headersOfCommonExportsAreKnown() {
        assertThat(
                        byName(
                                Kind.PERSON,
                                "id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id"))
                .isEqualTo(
                        "id given-name family-name house-number street address-line city postcode region birth-date identifier");
        assertThat(byName(
                        Kind.PERSON,
                        "RECORD_ID,DATA_SOURCE,PRIMARY_NAME_LAST,PRIMARY_NAME_FIRST,ADDR_LINE1,ADDR_CITY,SSN_NUMBER"))
                .isEqualTo("id source family-name given-name street city identifier");
        assertThat(byName(
                        Kind.PERSON,
                        "Contact ID,First Name,Last Name,E-mail Address,Mobile Phone,Mailing City,ZIP,dob"))
                .isEqualTo("id given-name family-name email phone city postcode birth-date");
        assertThat(byName(Kind.ORGANISATION, "AccountId,Name,Website,Billing Street,BillingCity,vat_id"))
                .isEqualTo("id organisation-name domain street city identifier");
        assertThat(byName(Kind.ITEM, "id,title,authors,venue,year")).isEqualTo("id title person-list category year");
    }

    @Test
    void headersInOtherLanguagesAreKnown() {
        assertThat(
                        byName(
                                Kind.PERSON,
                                "Vorname,Nachname,Geburtsdatum,Stra\u00dfe,Hausnr.,PLZ,Wohnort,Telefonnummer,E-Mail-Adresse,Geschlecht"))
                .isEqualTo("given-name family-name birth-date street house-number postcode city phone email gender");
        assertThat(
                        byName(
                                Kind.PERSON,
                                "Pr\u00e9nom,Nom,Date de naissance,Adresse,Code postal,Ville,T\u00e9l\u00e9phone,Courriel,Sexe"))
                .isEqualTo("given-name family-name birth-date street postcode city phone email gender");
        assertThat(
                        byName(
                                Kind.PERSON,
                                "Nombre,Apellidos,Fecha de nacimiento,Direcci\u00f3n,C\u00f3digo postal,Localidad,M\u00f3vil,Correo"))
                .isEqualTo("given-name family-name birth-date street postcode city phone email");
        assertThat(byName(Kind.ORGANISATION, "Raison sociale,Rue,CP,Ville,SIREN"))
                .isEqualTo("organisation-name street postcode city identifier");
        assertThat(byName(Kind.PERSON, "fname,lname,tel,zip,dob,addr1,addr2,st"))
                .startsWith("given-name family-name phone postcode birth-date street address-line");
        assertThat(byName(Kind.ITEM, "Titel,Interpret,Jahr,Preis,Hersteller"))
                .isEqualTo("title person-list year number category");
    }

    @Test
    void valuesOfPersonsAreKnownWithoutAnyHeader() {
        var given = List.of("James", "Mary", "Robert", "Linda", "Qwxz");
        var family = List.of("Smith", "Johnson", "Garcia", "Nguyen", "Zzyzx");
        var columns = new ColumnRecogniser(Kind.PERSON)
                .recognise(
                        List.of("c1", "c2", "c3", "c4", "c5", "c6", "c7"),
                        IntStream.range(0, 40)
                                .mapToObj(i -> List.of(
                                        "k" + i,
                                        given.get(i % 5),
                                        family.get(i % 5),
                                        (1940 + i) + "-03-1" + i % 9,
                                        i + " Oak Lane",
                                        "9730" + i % 9,
                                        i % 2 == 0 ? "M" : "F"))
                                .toList());
        assertThat(uses(columns)).isEqualTo("id given-name family-name birth-date street postcode gender");
    }

    @Test
    void datesOfAFewYearsAreNobodysBirths() {
        var columns = new ColumnRecogniser(Kind.PERSON)
                .recognise(
                        List.of("id", "c2"),
                        IntStream.range(0, 40)
                                .mapToObj(i -> List.of("" + i, "201" + i % 9 + "-03-1" + i % 9))
                                .toList());
        assertThat(uses(columns)).isEqualTo("id date");
    }

    @Test
    void theKindDecidesWhatANameIs() {
        assertThat(byName(Kind.PERSON, "id,name")).isEqualTo("id full-name");
        assertThat(byName(Kind.ORGANISATION, "id,name")).isEqualTo("id organisation-name");
        assertThat(byName(Kind.ITEM, "id,name")).isEqualTo("id title");
    }

    @Test
    void contentsTellWhatNamesDoNot() {
        var columns = new ColumnRecogniser(Kind.PERSON)
                .recognise(
                        List.of("a", "b", "c", "d"),
                        IntStream.range(0, 10)
                                .mapToObj(i ->
                                        List.of("k" + i, "p" + i % 3 + "@acme.com", "(702) 919-130" + i % 3, "red"))
                                .toList());
        assertThat(uses(columns)).isEqualTo("id email phone unused");
        assertThat(columns).extracting(Column::reason).contains("by its values");
    }

    @Test
    void contentsOverruleANameTheyContradict() {
        var columns = new ColumnRecogniser(Kind.PERSON)
                .recognise(
                        List.of("id", "email"),
                        IntStream.range(0, 10)
                                .mapToObj(i -> List.of("" + i, "yes"))
                                .toList());
        assertThat(uses(columns)).isEqualTo("id unused");
    }

    @Test
    void attributesGetNamesTheHubAllowsAndNoneTwice() {
        var columns = recognise(Kind.PERSON, List.of("rec_id", "phone", "Phone", "e-mail", "first name"));
        assertThat(columns.stream().map(Column::attribute).filter(a -> a != null))
                .containsExactly("phone", "phone2", "eMail", "firstName");
        FileRecords.typeOf(Kind.PERSON, columns);
    }

    private static String byName(Kind kind, String header) {
        return uses(recognise(kind, List.of(header.split(","))));
    }

    private static List<Column> recognise(Kind kind, List<String> header) {
        return new ColumnRecogniser(kind).recognise(header, List.of(Collections.nCopies(header.size(), "1")));
    }

    private static String uses(List<Column> columns) {
        return String.join(
                " ",
                columns.stream()
                        .map(c -> (c.type() != null ? c.type().name() : c.role().name())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                        .toList());
    }
}
