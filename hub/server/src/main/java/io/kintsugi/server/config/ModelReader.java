package io.kintsugi.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.FirstSync;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.SeenMerge;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads configuration documents: YAML text → values that are valid. Each method names the place of what is wrong in a
 * {@code BAD_CONFIGURATION}.
 */
public final class ModelReader {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern LINE = Pattern.compile("line (\\d+), column");
    private static final ObjectMapper PLAIN = new ObjectMapper();

    private static final Duration LEAST_AUDIT = Duration.ofMinutes(1);

    private ModelReader() {}

    /** Parses YAML, or says in which line it cannot. */
    static JsonNode parse(String where, String yaml) {
        try {
            var node = YAML.readTree(yaml);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw Fields.bad(where + line(e), "cannot be read: " + sentence(e.getOriginalMessage()));
        }
    }

    /** The place the parser names last is where it got stuck; its location is only where it began. */
    private static String line(JsonProcessingException e) {
        var places = LINE.matcher(e.getOriginalMessage())
                .results()
                .map(place -> place.group(1))
                .toList();
        if (!places.isEmpty()) return " line " + places.get(places.size() - 1);
        return e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
    }

    /** Without the excerpts of the file that the parser draws: they may hold secrets. */
    private static String sentence(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }

    /** A document as JSON; an empty object for an empty one. */
    public static JsonNode tree(String where, String yaml) {
        var node = parse(where, yaml);
        return node.isMissingNode() || node.isNull() ? PLAIN.createObjectNode() : node;
    }

    /** A document as YAML. */
    public static String yaml(JsonNode document) {
        return document.isEmpty() ? "" : write(document);
    }

    /** Writes one block of a document as a document of its own. */
    static String write(JsonNode node) {
        try {
            return YAML.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }

    /** An entity type: {@code kind}, and {@code attributes} as name → type or name → {type, label, to}. */
    public static EntityType entityType(String name, String yaml) {
        return entityType(name, yaml, Amendments.NONE);
    }

    static EntityType entityType(String name, String yaml, Amendments amendments) {
        var document = amendments.entityType(name, parse("entities." + name, yaml));
        var fields = new Fields(document, "entities." + name);
        var kind = fields.oneOf("kind", EntityType.Kind.class, null);
        var attributes = new ArrayList<Attribute>();
        var block = fields.block("attributes");
        block.entries().forEach((attribute, value) -> {
            var at = block.where() + "." + attribute;
            try {
                if (value.isTextual()) {
                    attributes.add(new Attribute(
                            attribute, Fields.constant(at, AttributeType.class, value.asText()), label(attribute)));
                } else {
                    var own = new Fields(value, at);
                    attributes.add(new Attribute(
                            attribute,
                            own.oneOf("type", AttributeType.class, null),
                            own.text("label").orElse(label(attribute)),
                            own.text("to").orElse(null)));
                    own.done();
                }
            } catch (IllegalArgumentException e) {
                throw Fields.bad(at, e.getMessage());
            }
        });
        fields.done();
        if (attributes.isEmpty()) throw Fields.bad("entities." + name, "has no attributes");
        try {
            return new EntityType(name, kind, attributes);
        } catch (IllegalArgumentException e) {
            throw Fields.bad("entities", e.getMessage());
        }
    }

    /** {@code firstName} → {@code First name}. */
    private static String label(String attribute) {
        var text = new StringBuilder();
        for (int i = 0; i < attribute.length(); i++) {
            char c = attribute.charAt(i);
            if (i == 0) text.append(Character.toUpperCase(c));
            else if (Character.isUpperCase(c)) text.append(' ').append(Character.toLowerCase(c));
            else text.append(c);
        }
        return text.toString();
    }

    /**
     * Match policy; what is not said stays as shipped for the kind of entity. {@code rules} is laid over the shipped document of
     * match rules.
     */
    public static MatchPolicy matching(EntityType type, long version, String yaml) {
        var where = "matching." + type.name();
        var fields = new Fields(parse(where, yaml), where);
        var shipped = Matcher.defaults(type);
        try {
            var rules = shipped.rules();
            var document = fields.raw("rules");
            if (!document.isMissingNode()) {
                if (!document.isObject()) throw Fields.bad(where + ".rules", "must be a block of keys and values");
                rules = MatchRulesReader.read(where + ".rules", PLAIN.convertValue(document, Map.class), rules);
            }
            rules = rules.withThresholds(
                    fields.number("autoBits", rules.autoBits()), fields.number("reviewBits", rules.reviewBits()));
            if (fields.text("maxBlock").isPresent()) rules = rules.withKeyCap((int) fields.number("maxBlock", 0));
            precisionFloor(fields); // known here, and asked for when a policy is published
            var policy = new MatchPolicy(
                    type.name(), version, rules, Set.copyOf(fields.list("duplicateFree")), merging(type, fields));
            new Matcher(type, policy); // refuses rules that do not fit what is compared
            fields.done();
            return policy;
        } catch (IllegalArgumentException e) {
            var message = e.getMessage();
            if (message.startsWith(where + ".")) {
                int end = message.indexOf(' ');
                throw Fields.bad(message.substring(0, end), message.substring(end + 1));
            }
            throw Fields.bad(where, message);
        }
    }

    private static Merging merging(EntityType type, Fields fields) {
        double most = fields.number("maxClusterSize", Merging.USUAL_SIZE);
        if (most != Math.rint(most) || most < 2 || most > Integer.MAX_VALUE) {
            throw Fields.bad(fields.where() + ".maxClusterSize", "must be a whole number of at least 2");
        }
        return new Merging(
                fields.oneOf("mode", Merging.Mode.class, Merging.Mode.AUTO),
                (int) most,
                ValueTests.read(type, fields.block("skipWhen"), true),
                brake(fields.block("brake")));
    }

    private static Merging.Brake brake(Fields block) {
        var usual = Merging.AUTO.brake();
        double merges = block.number("merges", usual.merges());
        double percent = block.number("percent", usual.percent());
        if (merges != Math.rint(merges)) throw Fields.bad(block.where() + ".merges", "must be a whole number");
        block.done();
        return new Merging.Brake((int) merges, percent);
    }

    /** Share of right merges below which a match policy may not be published (ID-11); empty if it names none. */
    public static OptionalDouble precisionFloor(EntityType type, String yaml) {
        var where = "matching." + type.name();
        return precisionFloor(new Fields(parse(where, yaml), where));
    }

    private static OptionalDouble precisionFloor(Fields fields) {
        if (fields.text("precisionFloor").isEmpty()) return OptionalDouble.empty();
        double floor = fields.number("precisionFloor", 0);
        if (floor < 0 || floor > 1) {
            throw Fields.bad(fields.where() + ".precisionFloor", "must be a share between 0 and 1, such as 0.95");
        }
        return OptionalDouble.of(floor);
    }

    /** Authority policy: {@code default}, {@code groups}, and a rule or a list of rules for each attribute or group. */
    public static AuthorityPolicy authority(EntityType type, long version, String yaml) {
        var where = "authority." + type.name();
        return new AuthorityReader(type, new Fields(parse(where, yaml), where)).read(version);
    }

    /** Delete policy: {@code default}, {@code matrix} and {@code brake}. */
    public static DeletePolicy deletes(EntityType type, long version, String yaml) {
        var where = "deletes." + type.name();
        return new DeletionReader(type.name(), new Fields(parse(where, yaml), where)).read(version);
    }

    /** How a system is connected, without its streams: for who does not know the entity types yet. */
    static SystemConfig connection(String id, String yaml) {
        return connection(id, new Fields(parse("systems." + id, yaml), "systems." + id), List.of());
    }

    private static SystemConfig connection(String id, Fields fields, List<StreamMapping> streams) {
        if (!id.matches("[a-z][a-z0-9_-]{0,31}")) {
            throw Fields.bad("systems", "\"" + id + "\" is no system id; use lower-case letters, digits, - and _");
        }
        var label = fields.text("label").orElse(id);
        var connector = fields.required("connector");
        @SuppressWarnings("unchecked") // a block of keys and values
        Map<String, Object> settings = PLAIN.convertValue(fields.raw("settings"), Map.class);
        var pollEvery =
                duration(fields.where() + ".pollEvery", fields.text("pollEvery").orElse("5s"));
        var merges = fields.oneOf("merges", SeenMerge.class, SeenMerge.ADOPT);
        var when = fields.oneOf("duplicates", Duplicates.When.class, Duplicates.When.KEEP);
        boolean deletes = fields.flag("deleteDuplicates", false);
        if (deletes && when == Duplicates.When.KEEP) {
            throw Fields.bad(
                    fields.where() + ".deleteDuplicates",
                    "says how duplicates are merged, but duplicates are kept; set duplicates: merge-decided or merge, or "
                            + "leave it out");
        }
        var auditEvery = fields.text("audit")
                .map(text -> audit(fields.where() + ".audit", text))
                .orElse(null);
        return new SystemConfig(
                id,
                label,
                connector,
                settings == null ? Map.of() : settings,
                pollEvery,
                auditEvery,
                streams,
                merges,
                new Duplicates(when, deletes),
                fields.oneOf("firstSync", FirstSync.class, FirstSync.AUTO));
    }

    private static Duration audit(String where, String text) {
        var every = duration(where, text);
        if (every.compareTo(LEAST_AUDIT) < 0) {
            throw Fields.bad(
                    where, "is too often; an audit reads the whole system, so leave at least a minute between two");
        }
        return every;
    }

    /** A system with its streams and mappings. */
    public static SystemConfig system(String id, List<EntityType> types, String yaml) {
        return system(id, types, yaml, Amendments.NONE);
    }

    static SystemConfig system(String id, List<EntityType> types, String yaml, Amendments amendments) {
        var fields = new Fields(amendments.system(id, parse("systems." + id, yaml), types), "systems." + id);
        var streams = new ArrayList<StreamMapping>();
        var block = fields.block("streams");
        block.entries()
                .forEach((stream, value) ->
                        streams.add(StreamReader.read(stream, types, new Fields(value, block.where() + "." + stream))));
        var system = connection(id, fields, streams);
        fields.done();
        if (streams.isEmpty()) throw Fields.bad(fields.where(), "has no streams");
        var entities = new HashSet<String>();
        for (var stream : streams) {
            if (!entities.add(stream.entityType())) { // a record key names system, entity type and id
                throw Fields.bad(
                        fields.where() + ".streams",
                        "maps two streams to " + stream.entityType()
                                + ", whose ids could not be told apart; make them two systems");
            }
        }
        if (!system.connected() && streams.stream().anyMatch(StreamMapping::write)) {
            throw Fields.bad(
                    fields.where(), "has no connector, so nothing can be written; say write: false in its streams");
        }
        return system;
    }

    static Duration duration(String where, String text) {
        try {
            return Duration.parse("PT" + text.strip());
        } catch (DateTimeParseException e) {
            throw Fields.bad(where, "\"" + text + "\" is no duration; write it such as 0.5s, 5s, 2m or 1h");
        }
    }
}
