package io.kintsugi.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One query with the contract in its header.
 *
 * @param purpose first line of the header
 * @param in names of the parameters
 * @param out names of the columns
 * @param statement what the server gets
 */
record CypherFile(String purpose, Mode mode, List<String> in, List<String> out, String statement) {
    enum Mode {
        READ,
        WRITE,
        SCHEMA
    }

    private static final String NONE = "none";

    CypherFile {
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    /** @throws IllegalStateException if the resource is absent or its header is not as it should be */
    static CypherFile read(String resource) {
        return parse(resource, text(resource));
    }

    static String text(String resource) {
        try (var stream = CypherFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the query " + resource + " is not on the class path");
            }
            return new String(stream.readAllBytes(), UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    static CypherFile parse(String name, String text) {
        String purpose = null;
        Mode mode = null;
        var in = new ArrayList<String>();
        var out = new ArrayList<String>();
        List<String> current = null;
        var statement = new StringBuilder();
        for (var line : text.lines().toList()) {
            if (!line.startsWith("//")) {
                statement.append(line).append('\n');
            } else if (purpose == null) {
                purpose = line.substring(2).strip();
            } else if (line.startsWith("// mode: ")) {
                mode = Mode.valueOf(line.substring(9).strip().toUpperCase(Locale.ROOT));
            } else if (line.startsWith("// in:   ")) {
                current = in;
                current.add(firstWord(line.substring(9)));
            } else if (line.startsWith("// out:  ")) {
                current = out;
                current.add(firstWord(line.substring(9)));
            } else if (line.startsWith("//       ") && current != null) {
                current.add(firstWord(line.substring(9)));
            } else {
                throw new IllegalStateException(name + ": the header line \"" + line + "\" is not understood");
            }
        }
        if (purpose == null || mode == null || in.isEmpty() || out.isEmpty()) {
            throw new IllegalStateException(name + ": the header needs a purpose, mode:, in: and out:");
        }
        in.remove(NONE);
        out.remove(NONE);
        return new CypherFile(purpose, mode, in, out, statement.toString().strip());
    }

    private static String firstWord(String text) {
        return text.split(" ", 2)[0];
    }
}
