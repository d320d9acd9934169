package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.Level;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.server.config.ModelReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Match rules as a hub publishes them, in a file. */
final class RulesFile {
    private static final MathContext DIGITS = new MathContext(4);
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

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
        var comparisons = new LinkedHashMap<String, Object>();
        rules.comparisons().forEach((name, comparison) -> {
            if (name.indexOf('.') >= 0) return;
            var levels = new LinkedHashMap<String, Object>();
            for (var level : comparison.levels()) levels.put(level.name(), level(level));
            comparisons.put(name, levels);
        });
        var prior = new LinkedHashMap<String, Object>();
        prior.put("records", rules.records());
        prior.put("duplicates", round(rules.duplicates()));
        prior.put("relatives", round(rules.relatives()));
        var document = Map.of("rules", Map.of("prior", prior, "comparisons", comparisons));
        var text = "# Learned from " + learnedFrom + ". Preview it in a hub before you publish it.\n" + yaml(document);
        WholeFile.write(file, half -> {
            try (half) {
                half.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return null;
        });
    }

    private static Map<String, Object> level(Level level) {
        var values = new LinkedHashMap<String, Object>();
        values.put("m", round(level.m()));
        values.put("u", round(level.u()));
        values.put("related", round(level.related()));
        if (level.frequency() != 0) values.put("frequency", round(level.frequency()));
        return values;
    }

    private static BigDecimal round(double value) {
        return new BigDecimal(value).round(DIGITS);
    }

    private static String yaml(Object document) throws JsonProcessingException {
        return YAML.writeValueAsString(document);
    }
}
