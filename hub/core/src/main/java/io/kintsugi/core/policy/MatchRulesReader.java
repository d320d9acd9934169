package io.kintsugi.core.policy;

import io.kintsugi.core.model.EntityType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads {@link MatchRules} from documents: plain maps, as any YAML or JSON parser makes them. What a document does not say stays as in
 * the rules it is laid over. Every message names the path of what is wrong.
 */
public final class MatchRulesReader {
    private static final Set<String> PARTS =
            Set.of("version", "prior", "thresholds", "comparisons", "conditions", "keys", "fileKeys");

    private MatchRulesReader() {}

    /** The document shipped for a kind of thing. What that of another kind than persons does not say is as for persons. */
    public static MatchRules shipped(EntityType.Kind kind) {
        var nothing = new MatchRules(0, 2, 1, 0, 0, 0, Map.of(), Map.of(), Map.of(), List.of());
        var persons = read("person.yaml", document("person.yaml"), nothing, true);
        if (kind == EntityType.Kind.PERSON) return persons;
        var resource = kind.name().toLowerCase(Locale.ROOT) + ".yaml";
        return read(resource, document(resource), persons, true);
    }

    private static Map<?, ?> document(String resource) {
        try (var in =
                new InputStreamReader(MatchRulesReader.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped match rules " + resource, e);
        }
    }

    /**
     * @param where path of the document, for messages
     * @param base what holds where the document says nothing
     * @throws IllegalArgumentException if the document is wrong; the message names the path
     */
    public static MatchRules read(String where, Map<?, ?> document, MatchRules base) {
        return read(where, document, base, false);
    }

    /** @param naming whether what {@code base} does not know gets its name here; else it is a slip, of which nothing would come */
    private static MatchRules read(String where, Map<?, ?> document, MatchRules base, boolean naming) {
        var root = new Part(where, document);
        root.only(PARTS);
        var prior = root.part("prior", Set.of("records", "duplicates", "relatives"));
        var thresholds = root.part("thresholds", Set.of("auto", "review"));
        var comparisons = new LinkedHashMap<>(base.comparisons());
        var block = root.part("comparisons", null);
        block.values().keySet().forEach(name -> {
            var key = String.valueOf(name);
            int dot = key.indexOf('.'); // of one attribute: as for its kind, where nothing else is said
            var known = base.comparisons().get(key);
            if (known == null && dot > 0) known = base.comparisons().get(key.substring(0, dot));
            if (known == null && !naming)
                throw unknown(
                        block.where(), key, "comparison", base.comparisons().keySet());
            comparisons.put(key, comparison(block, key, known, naming));
        });
        var kinds = new LinkedHashSet<>(base.keys().keySet());
        kinds.addAll(base.fileKeys().keySet());
        var keys = keys(root.part("keys", null), base.keys(), naming ? null : kinds);
        var fileKeys = keys(root.part("fileKeys", null), base.fileKeys(), naming ? null : kinds);
        var conditions = new ArrayList<>(base.conditions());
        var rules = root.part("conditions", null);
        rules.values().keySet().forEach(name -> {
            var key = String.valueOf(name);
            conditions.removeIf(condition -> condition.name().equals(key));
            if (rules.values().get(name) != null) conditions.add(condition(rules, key));
        });
        var read = root.valid(
                null,
                () -> new MatchRules(
                        (int) root.number("version", base.version()),
                        (long) prior.number("records", base.records()),
                        prior.number("duplicates", base.duplicates()),
                        prior.number("relatives", base.relatives()),
                        thresholds.number("auto", base.autoBits()),
                        thresholds.number("review", base.reviewBits()),
                        comparisons,
                        keys,
                        fileKeys,
                        conditions));
        for (var condition : read.conditions()) check(where + ".conditions." + condition.name(), condition, read);
        return read;
    }

    private static IllegalArgumentException unknown(String where, String name, String what, Set<String> known) {
        return new IllegalArgumentException(
                where + "." + name + " is no " + what + "; there are " + String.join(", ", known));
    }

    /** @param kinds that there are; null if they are named here */
    private static Map<String, KeyRule> keys(Part caps, Map<String, KeyRule> base, Set<String> kinds) {
        var keys = new LinkedHashMap<>(base);
        caps.values().keySet().forEach(name -> {
            var key = String.valueOf(name);
            if (kinds != null && !kinds.contains(key)) throw unknown(caps.where(), key, "kind of key", kinds);
            keys.put(key, caps.valid(key, () -> new KeyRule(key, (int) caps.number(key, 0))));
        });
        return keys;
    }

    private static ComparisonRules comparison(Part block, String name, ComparisonRules base, boolean naming) {
        var part = block.part(name, null);
        var levels = new LinkedHashMap<String, Level>();
        if (base != null) base.levels().forEach(level -> levels.put(level.name(), level));
        part.values().keySet().forEach(key -> {
            var level = String.valueOf(key);
            if (!naming && !levels.containsKey(level)) throw unknown(part.where(), level, "level", levels.keySet());
            var own = part.part(level, Set.of("m", "u", "related", "frequency"));
            var known = levels.get(level);
            levels.put(level, part.valid(level, () -> {
                double u = own.number("u", known == null ? Double.NaN : known.u());
                return new Level(
                        level,
                        own.number("m", known == null ? Double.NaN : known.m()),
                        u,
                        own.number("related", known == null ? u : known.related()),
                        own.number("frequency", known == null ? 0 : known.frequency()));
            }));
        });
        return block.valid(name, () -> new ComparisonRules(name, List.copyOf(levels.values())));
    }

    private static Condition condition(Part rules, String name) {
        var part = rules.part(name, Set.of("when", "atMost", "atLeast", "never", "mode"));
        var when = new LinkedHashMap<String, List<String>>();
        var levels = part.part("when", null);
        levels.values().keySet().forEach(key -> when.put(String.valueOf(key), levels.list(String.valueOf(key))));
        var effects = new ArrayList<Condition.Effect>();
        if (part.values().containsKey("atLeast")) effects.add(Condition.Effect.CERTAIN);
        if (part.values().containsKey("atMost")) effects.add(Condition.Effect.VETO);
        if (part.values().containsKey("never")) effects.add(Condition.Effect.NEVER);
        if (effects.size() != 1) {
            throw new IllegalArgumentException(part.where() + " needs one of atMost, atLeast and never");
        }
        if (effects.get(0) == Condition.Effect.NEVER
                && !Boolean.TRUE.equals(part.values().get("never"))) {
            throw new IllegalArgumentException(part.where() + ".never can only be true; leave it out otherwise");
        }
        var effect = effects.get(0);
        return rules.valid(
                name,
                () -> new Condition(
                        name,
                        effect,
                        when,
                        switch (effect) {
                            case CERTAIN -> part.number("atLeast", 0);
                            case VETO -> part.number("atMost", 0);
                            case NEVER -> Condition.NEVER_BITS;
                        },
                        mode(part)));
    }

    private static Merging.Mode mode(Part part) {
        var value = part.values().get("mode");
        if (value == null) return null;
        for (var mode : Merging.Mode.values())
            if (mode.name().toLowerCase(Locale.ROOT).equals(value)) return mode;
        throw new IllegalArgumentException(
                part.where() + ".mode must be auto, review or report, not \"" + value + "\"");
    }

    private static void check(String where, Condition condition, MatchRules rules) {
        condition.when().forEach((comparison, levels) -> {
            int dot = comparison.indexOf('.'); // of one attribute
            var known = rules.comparisons().get(dot < 0 ? comparison : comparison.substring(0, dot));
            if (known == null) {
                throw new IllegalArgumentException(
                        where + ".when names no comparison: \"" + comparison + "\"; there are "
                                + String.join(", ", rules.comparisons().keySet()));
            }
            for (var level : levels) {
                if (known.indexOf(level) < 0) {
                    throw new IllegalArgumentException(where + ".when." + comparison + " names no level: \"" + level
                            + "\"; there are "
                            + String.join(
                                    ", ",
                                    known.levels().stream().map(Level::name).toList()));
                }
            }
        });
    }
}
