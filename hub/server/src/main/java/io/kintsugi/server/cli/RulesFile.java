package io.kintsugi.server.cli;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.server.config.LearnedRules;
import io.kintsugi.server.config.ModelReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Match rules as a hub publishes them, in a file. */
final class RulesFile {
    private RulesFile() {}

    /**
     * Reads what a hub takes as the match rules of a type.
     *
     * @throws HubException BAD_CONFIGURATION that names the path of what is wrong
     */
    static MatchPolicy read(Path file, EntityType type, PrintWriter err) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
        var policy = ModelReader.matching(type, 1, yaml);
        var merging = policy.merging();
        if (!merging.equals(Merging.AUTO)) {
            err.println(
                    "mode, maxClusterSize, skipWhen and brake say what a hub does; of these a file knows maxClusterSize only");
        }
        return policy;
    }

    /** Writes learned rules as a hub would take them: what belongs to one column only is left out. The whole file or nothing. */
    static void write(Path file, MatchRules rules, String learnedFrom) throws IOException {
        var text = "# Learned from " + learnedFrom + ". Preview it in a hub before you publish it.\n"
                + LearnedRules.document("", rules, name -> name.indexOf('.') < 0);
        WholeFile.write(file, half -> {
            try (half) {
                half.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return null;
        });
    }
}
