package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.server.match.CsvRows.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRowsTest {
    @Test
    void readsQuotedFieldsOverSeveralLinesAndTellsWhereRowsBegin() throws IOException {
        var rows = read("id,name\n1,\"Ann \"\"Annie\"\"\nLee\"\n\n2,Bo\r\n3,Cy\r4,Di");
        assertThat(rows)
                .containsExactly(
                        new Row(2, List.of("1", "Ann \"Annie\"\nLee"), null),
                        new Row(5, List.of("2", "Bo"), null),
                        new Row(6, List.of("3", "Cy"), null),
                        new Row(7, List.of("4", "Di"), null));
    }

    @Test
    void rowsAreWholeWhereverTheirBytesAreReadFrom() throws IOException {
        for (int shift = 0;
                shift < 4;
                shift++) { // a line end falls before, on and behind the end of what is read at once
            int length = (1 << 16) - "id,name\n".length() - "1,".length() - 2 + shift;
            var rows = read("id,name\n1," + "x".repeat(length) + "\r\n2,Bo\r3,Cy");
            assertThat(rows)
                    .containsExactly(
                            new Row(2, List.of("1", "x".repeat(length)), null),
                            new Row(3, List.of("2", "Bo"), null),
                            new Row(4, List.of("3", "Cy"), null));
        }
    }

    @Test
    void raggedRowsAreHandedOutWithWhatTheyHave() throws IOException {
        var rows = read("id,name,city\n1,Ann\n2,Bo,Oslo,more\n3,Cy,Rome");
        assertThat(rows)
                .extracting(Row::fields)
                .containsExactly(List.of("1", "Ann", ""), List.of("2", "Bo", "Oslo"), List.of("3", "Cy", "Rome"));
        assertThat(rows)
                .extracting(Row::problem)
                .containsExactly("2 fields, but the header has 3", "4 fields, but the header has 3", null);
    }

    @Test
    void aQuoteThatIsNeverClosedSpoilsOnlyItsOwnLine() throws IOException {
        var rows = read("id,name,city\n1,\"Ann,Oslo\n2,Bo,Rome\n3,\"Cy\",Bern\n4,\"Di\"x,Kiel\n");
        assertThat(rows).extracting(row -> row.fields().get(0)).containsExactly("1", "2", "3", "4");
        assertThat(rows).extracting(row -> row.fields().get(1)).containsExactly("Ann", "Bo", "Cy", "Dix");
        assertThat(rows.get(0).problem()).contains("quote");
        assertThat(rows.get(1).problem()).isNull();
        assertThat(rows.get(2).problem()).isNull();
        assertThat(rows.get(3).problem()).contains("quote");
    }

    @Test
    void bytesThatAreNotUtf8AreToldAndReplaced() throws IOException {
        var rows = read("id,name\n1,J\u00f6rg\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(rows.get(0).problem()).contains("line 2").contains("UTF-8");
        assertThat(rows.get(0).fields().get(0)).isEqualTo("1");
    }

    @Test
    void byteOrderMarkAndOtherSeparatorsAreRecognised() throws IOException {
        assertThat(read("\uFEFFid;name\n1;Lee, Ann\n")).containsExactly(new Row(2, List.of("1", "Lee, Ann"), null));
        assertThat(read("id\tname\n1\tAnn\n")).containsExactly(new Row(2, List.of("1", "Ann"), null));
    }

    @Test
    void emptyAndUtf16FilesAreRefusedInWords() {
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class).hasMessageContaining("empty");
        assertThatThrownBy(() -> read("\n\n")).isInstanceOf(IOException.class).hasMessageContaining("empty");
        assertThatThrownBy(() -> read("id,name\n".getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UTF-16");
        assertThatThrownBy(() -> read("id,name\n".getBytes(StandardCharsets.UTF_16LE)))
                .as("without a byte order mark")
                .isInstanceOf(IOException.class)
                .hasMessageContaining("zero bytes")
                .hasMessageContaining("UTF-8");
    }

    private static List<Row> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Row> read(byte[] bytes) throws IOException {
        try (var rows = new CsvRows(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8)) {
            var all = new ArrayList<Row>();
            for (var row = rows.next(); row != null; row = rows.next()) all.add(row);
            return all;
        }
    }
}
