package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kintsugi.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Commands typed at a hub that runs, and what the last one said. */
final class Typed {
    private final String url;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    Typed(String url) {
        this.url = url;
    }

    /** Gives the exit code. */
    int run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--hub");
        all.add(url);
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out());
    }
}
