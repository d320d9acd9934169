package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types docs/how-to/measure-match-quality.md line by line. */
class MeasureMatchQualityPageTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\n(.*?)^```$");

    @TempDir
    Path folder;

    @Test
    void thePageWorksAsItIsWritten() throws IOException {
        var blocks = new ArrayList<String>();
        var page = BLOCK.matcher(Files.readString(Path.of("../../docs/how-to/measure-match-quality.md")));
        while (page.find()) blocks.add(page.group(1));
        assertThat(blocks).hasSize(9);
        Files.writeString(folder.resolve("people.csv"), blocks.get(0));
        Files.writeString(folder.resolve("truth.csv"), blocks.get(1));

        assertThat(type(blocks.get(2))).contains(blocks.get(3));
        assertThat(type(blocks.get(4))).contains("1 missed pair: 5 | 6", "best across: 5 6");
        assertThat(type(blocks.get(5))).contains("Apart", "Why not");
        assertThat(type(blocks.get(6))).contains("Together");

        Files.writeString(folder.resolve("labels.csv"), blocks.get(7));
        assertThat(type(blocks.get(8))).contains("Together", "A label says that they are the same.");
    }

    private String type(String command) {
        var out = new StringWriter();
        var args = List.of(command.strip().split(" ")).stream()
                .skip(1)
                .map(word -> word.endsWith(".csv") ? folder.resolve(word).toString() : word)
                .toArray(String[]::new);
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(new StringWriter(), true), args);
        assertThat(exitCode).isZero();
        return out.toString();
    }
}
