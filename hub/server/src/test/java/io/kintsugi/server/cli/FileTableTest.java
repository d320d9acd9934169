package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTableTest {
    private static final String CSV = "id;Straße\n1;Rue Zoë\n2;Łódź\n";
    private static final String JSONL = "{\"id\":1,\"Straße\":\"Rue Zoë\"}\n{\"id\":2,\"Straße\":\"Łódź\"}\n";

    @TempDir
    Path folder;

    private FileTable table(String name, String text, String encoding, String said) throws IOException {
        var file = folder.resolve(name);
        Files.write(file, text.getBytes(encoding));
        return new FileTable(file, said);
    }

    @ParameterizedTest
    @CsvSource({
        "people.csv, UTF-16, ",
        "people.csv, UTF-16, UTF-16",
        "people.csv, x-UTF-16LE-BOM, ",
        "people.csv, x-UTF-16LE-BOM, UTF-16LE",
        "people.jsonl, UTF-16, ",
        "people.jsonl, x-UTF-16LE-BOM, UTF-16",
        "people.csv, ISO-8859-2, ISO-8859-2",
        "people.jsonl, ISO-8859-2, latin2",
    })
    void whatTheConnectorReadsIsLookedAtInTheSameEncoding(String name, String encoding, String said)
            throws IOException {
        var rows = table(name, name.endsWith("csv") ? CSV : JSONL, encoding, said);
        var found = rows.look();
        assertThat(found.header()).containsExactly("id", "Straße");
        assertThat(found.sample()).containsExactly(List.of("1", "Rue Zoë"), List.of("2", "Łódź"));
        var settings = rows.system("crm", found, "id", null).settings();
        if (encoding.contains("16")) assertThat(settings).doesNotContainKey("encoding");
        else assertThat(settings).containsEntry("encoding", said);
    }

    @Test
    void aWrongEncodingIsRefusedWithWhatToDo() throws IOException {
        assertThatThrownBy(() -> table("a.csv", CSV, "ISO-8859-2", "UTF-16"))
                .isInstanceOf(HubException.class)
                .hasMessage(folder.resolve("a.csv") + " does not begin with the mark of UTF-16; save it as UTF-8");
        assertThatThrownBy(() -> table("a.csv", CSV, "ISO-8859-2", "latin-99"))
                .hasMessageContaining("there is no encoding latin-99; name one such as");
        assertThatThrownBy(() -> table("a.csv", CSV, "ISO-8859-2", "US-ASCII").look())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("the first line of ")
                .hasMessageContaining("a.csv is not in US-ASCII; if it is a text, name its encoding with --encoding");
        var neither = Files.write(folder.resolve("neither.csv"), new byte[] {'i', 'd', (byte) 0x81, '\n'});
        assertThatThrownBy(() -> new FileTable(neither, null).look())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("neither.csv is not in UTF-8 or windows-1252; if it is a text");
        var picture =
                Files.write(folder.resolve("picture.csv"), new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0});
        assertThatThrownBy(() -> new FileTable(picture, null))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("picture.csv holds zero bytes, so it is no text");
        var half = Files.write(folder.resolve("half.csv"), new byte[] {(byte) 0xFF, (byte) 0xFE, 'i', 0, 'd'});
        assertThatThrownBy(() -> new FileTable(half, null).look())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("half.csv begins like UTF-16 but is not; save it as UTF-8");
    }

    @Test
    void aFirstLineOfJsonThatIsNoRecordIsSaidToBeTooLong() throws IOException {
        var line = "{\"id\":\"" + "x".repeat(9 << 20) + "\"}\n";
        assertThatThrownBy(() -> table("long.jsonl", line, "UTF-8", null).look())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("the first line of ")
                .hasMessageContaining("long.jsonl is longer than 8 MiB");
    }
}
