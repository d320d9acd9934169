package io.kintsugi.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.Moved;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A draft of match rules with weights that the records of a hub and the verdicts of its stewards teach. The weights begin as the shipped
 * ones, whatever was learned before, so that nothing counts twice; all else is as the draft says. Writes nothing: a person previews the
 * draft and publishes it, so that a stored decision still follows from the two records and a published document alone (ID-2).
 */
public final class LearnedRules {
    private static final int PAGE = 1_000;
    /** A record takes about 4 kB here. */
    private static final long MOST_RECORDS = 300_000;

    private static final double LITTLE = 0.5; // bits that are not worth a word
    private static final MathContext DIGITS = new MathContext(4);
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final HubStore store;
    private final EntityType type;
    private final String draft;
    private final Matcher matcher;

    /**
     * @param draft a match policy of the type in YAML; empty for the shipped one
     * @throws HubException BAD_CONFIGURATION that names the path of what is wrong
     */
    public LearnedRules(HubStore store, EntityType type, String draft) {
        this.store = store;
        this.type = type;
        this.draft = draft;
        ModelReader.matching(type, 1, draft); // also what is left out below is to be right
        matcher = new Matcher(type, ModelReader.matching(type, 1, unlearned(draft)));
    }

    /**
     * What was learned.
     *
     * @param body the draft with the learned weights, as YAML, without its comments
     * @param records live records that were learned from
     * @param verdicts pairs of these that stewards judged
     * @param same how many of them they found to be the same
     * @param randomPairs pairs of unlike records that were counted
     * @param patterns distinct patterns among the pairs that share a block key
     * @param rounds until the weights rested, or were stopped
     * @param settled whether they came to rest by themselves
     * @param duplicates that a record has, as far as can be told
     * @param moved weights that are not nearly the shipped ones any more, the most moved first
     */
    public record Result(
            String body,
            long records,
            long verdicts,
            long same,
            long randomPairs,
            long patterns,
            long rounds,
            boolean settled,
            double duplicates,
            List<Moved> moved) {}

    /** How many records there are to look at. */
    public long total() {
        return store.read(tx -> tx.records().counts().stream()
                .filter(count -> count.entityType().equals(type.name()) && count.state() == RecordState.LIVE)
                .mapToLong(count -> count.records())
                .sum());
    }

    /**
     * @param progress told how many records are read
     * @throws HubException NOT_POSSIBLE if there are no two, or too many to be held in memory
     */
    public Result run(LongConsumer progress) {
        long total = total();
        if (total < 2) throw notPossible("there are no two records of " + type.name() + " to learn from");
        if (total > MOST_RECORDS) {
            throw notPossible("learning takes up to " + MOST_RECORDS + " records and there are " + total
                    + "; export them and learn with kintsugi match --rules-out");
        }
        var profiles = read(progress);
        var labels = labels(
                profiles, store.read(tx -> MatchQuality.of(tx, type.name())).labels());
        var learned = BatchMatch.teach(matcher, profiles, labels);
        var rules = learned.rules();
        return new Result(
                document(draft, rules, name -> true),
                profiles.length,
                labels.size(),
                labels.stream().filter(Training.Label::same).count(),
                learned.randomPairs(),
                learned.patterns(),
                learned.rounds().size(),
                learned.settled(),
                rules.duplicates(),
                Moved.between(matcher.policy().rules(), rules, LITTLE));
    }

    private static HubException notPossible(String why) {
        return new HubException(HubErrorCode.NOT_POSSIBLE, why);
    }

    private Profile[] read(LongConsumer progress) {
        var profiles = new ArrayList<Profile>();
        for (var system : store.read(tx -> Rematch.systems(tx, type.name()))) {
            String cursor = null;
            do {
                var from = cursor;
                var page = store.read(tx -> tx.records().list(system, type.name(), from, PAGE));
                for (var record : page.items()) {
                    if (record.state() == RecordState.LIVE)
                        profiles.add(matcher.profile(record.key(), record.evidence()));
                }
                cursor = page.next();
                progress.accept(profiles.size());
            } while (cursor != null);
        }
        profiles.sort(Comparator.comparing(Profile::key));
        return profiles.toArray(Profile[]::new);
    }

    /** Verdicts on records that are there. */
    private static List<Training.Label> labels(Profile[] profiles, Collection<MatchQuality.Label> verdicts) {
        var keys = Arrays.stream(profiles).map(Profile::key).toArray(RecordKey[]::new);
        var labels = new ArrayList<Training.Label>();
        for (var verdict : verdicts) {
            int a = Arrays.binarySearch(keys, verdict.a());
            int b = Arrays.binarySearch(keys, verdict.b());
            if (a >= 0 && b >= 0) labels.add(new Training.Label(Math.min(a, b), Math.max(a, b), verdict.same()));
        }
        return labels;
    }

    /** A match policy without the weights that it names. */
    private static String unlearned(String policy) {
        var body = block(policy);
        if (body.get("rules") instanceof ObjectNode rules) {
            rules.remove(List.of("prior", "comparisons"));
            if (rules.isEmpty()) body.remove("rules");
        }
        return body.isEmpty() ? "" : text(body);
    }

    /**
     * A match policy with other weights, as a hub takes it.
     *
     * @param policy what else it says; empty for nothing
     * @param wanted the comparisons of which the weights are told
     */
    public static String document(String policy, MatchRules rules, Predicate<String> wanted) {
        var body = block(policy);
        var part = body.get("rules") instanceof ObjectNode own ? own : body.putObject("rules");
        var prior = part.putObject("prior");
        prior.put("records", rules.records());
        prior.put("duplicates", round(rules.duplicates()));
        prior.put("relatives", round(rules.relatives()));
        var comparisons = part.putObject("comparisons");
        rules.comparisons().forEach((name, comparison) -> {
            if (!wanted.test(name)) return;
            var levels = comparisons.putObject(name);
            for (var level : comparison.levels()) {
                var weights = levels.putObject(level.name());
                weights.put("m", round(level.m()));
                weights.put("u", round(level.u()));
                weights.put("related", round(level.related()));
                if (level.frequency() != 0) weights.put("frequency", round(level.frequency()));
            }
        });
        return text(body);
    }

    private static BigDecimal round(double value) {
        return new BigDecimal(value).round(DIGITS);
    }

    /** Of what was read before without a mistake. */
    private static ObjectNode block(String policy) {
        try {
            return YAML.readTree(policy) instanceof ObjectNode block ? block : YAML.createObjectNode();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read once can be read again", e);
        }
    }

    private static String text(ObjectNode policy) {
        try {
            return YAML.writeValueAsString(policy);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
