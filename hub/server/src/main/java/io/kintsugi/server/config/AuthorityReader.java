package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.AuthorityPolicy.TieBreak;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.Trust;
import io.kintsugi.core.policy.ValueTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads the authority policy of one entity type. What is wrong is named with its place, and with the nearest name that is known. */
final class AuthorityReader {
    private static final List<LifeCycle> BY_DEFAULT = List.of(
            LifeCycle.FOREVER,
            LifeCycle.UNTIL_WINNER_CHANGES,
            LifeCycle.UNTIL_ANY_RELOAD,
            LifeCycle.WHILE_SOURCE_BLANK);

    private final EntityType type;
    private final Fields document;
    private final Map<String, List<String>> groups = new LinkedHashMap<>();

    AuthorityReader(EntityType type, Fields document) {
        this.type = type;
        this.document = document;
    }

    AuthorityPolicy read(long version) {
        groups();
        var rules = new LinkedHashMap<String, List<Rule>>();
        var byDefault = rule(new Fields(document.raw("default"), document.where() + ".default"), false);
        document.entries().forEach((name, node) -> {
            if (name.equals("default") || name.equals("groups")) return;
            var where = document.where() + "." + name;
            requireName(document.where(), name);
            if (type.attribute(name).isPresent() && groups.values().stream().anyMatch(group -> group.contains(name))) {
                throw Fields.bad(where, "is decided with its group; give the group a rule instead");
            }
            rules.put(name, rules(node, where));
        });
        return valid(document.where(), () -> new AuthorityPolicy(type.name(), version, byDefault, rules, groups));
    }

    private void groups() {
        var block = document.block("groups");
        for (var name : block.entries().keySet()) {
            var where = block.where() + "." + name;
            if (type.attribute(name).isPresent() || name.equals("default") || name.equals("groups")) {
                throw Fields.bad(where, "has the name of an attribute or a key; choose another");
            }
            var attributes = block.list(name);
            if (attributes.size() < 2) throw Fields.bad(where, "needs at least two attributes");
            for (var attribute : attributes) {
                if (type.attribute(attribute).isEmpty()) throw unknown(where, attribute, attributes());
            }
            groups.put(name, attributes);
        }
    }

    private Set<String> attributes() {
        var names = new TreeSet<String>();
        for (Attribute attribute : type.attributes()) names.add(attribute.name());
        return names;
    }

    private void requireName(String where, String name) {
        if (type.attribute(name).isPresent() || groups.containsKey(name)) return;
        var known = attributes();
        known.addAll(groups.keySet());
        throw unknown(where, name, known);
    }

    private HubException unknown(String where, String name, Set<String> known) {
        return Fields.bad(
                where + ":", type.name() + " has no attribute \"" + name + "\"" + Fields.nearest(name, known));
    }

    /** One rule, or a list of them of which the last has no condition. */
    private List<Rule> rules(JsonNode node, String where) {
        if (!node.isArray()) return List.of(rule(new Fields(node, where), true));
        var rules = new ArrayList<Rule>();
        for (var item : node) {
            rules.add(rule(new Fields(item, where + "[" + rules.size() + "]"), true));
        }
        if (rules.isEmpty()) throw Fields.bad(where, "has no rule");
        for (int i = 0; i < rules.size() - 1; i++) {
            if (rules.get(i).when().isEmpty()) {
                throw Fields.bad(where + "[" + i + "]", "needs a condition (when), or the rules after it never count");
            }
        }
        return rules;
    }

    private Rule rule(Fields fields, boolean conditional) {
        var when = conditional ? ValueTests.read(type, fields.block("when"), false) : List.<ValueTest>of();
        var names = fields.list("strategy");
        var strategies = new ArrayList<Strategy>();
        for (var name : names.isEmpty() ? List.of("latest") : names) {
            strategies.add(Fields.constant(fields.where() + ".strategy", Strategy.class, name));
        }
        var sameRecordAs = fields.text("sameRecordAs").orElse(null);
        if (sameRecordAs != null) requireName(fields.where() + ".sameRecordAs", sameRecordAs);
        var ranking = fields.list("ranking");
        var only = ValueTests.read(type, fields.block("only"), true);
        var trust = trust(fields.block("trust"));
        var nulls = fields.oneOf("nulls", NullPolicy.class, NullPolicy.IGNORE_NULL);
        var tieBreak = new ArrayList<TieBreak>();
        for (var name : fields.list("tieBreak")) {
            tieBreak.add(Fields.constant(fields.where() + ".tieBreak", TieBreak.class, name));
        }
        var onForeignWrite = fields.oneOf("onForeignWrite", OnForeignWrite.class, OnForeignWrite.REVERT);
        var override = fields.oneOf("override", LifeCycle.class, LifeCycle.FOREVER);
        if (!BY_DEFAULT.contains(override)) {
            throw Fields.bad(
                    fields.where() + ".override", "cannot be until_date, because each value has a date of its own");
        }
        var writeTo = new LinkedHashMap<String, WriteMode>();
        var modes = fields.block("writeTo");
        for (var system : modes.entries().keySet()) writeTo.put(system, modes.oneOf(system, WriteMode.class, null));
        var onDisconnect = fields.oneOf("onDisconnect", OnDisconnect.class, OnDisconnect.KEEP_LAST_VALUE);
        fields.done();
        return valid(
                fields.where(),
                () -> new Rule(
                        when,
                        strategies,
                        sameRecordAs,
                        ranking,
                        only,
                        trust,
                        nulls,
                        tieBreak.isEmpty() ? Rule.TIE_BREAK : tieBreak,
                        onForeignWrite,
                        override,
                        writeTo,
                        onDisconnect));
    }

    private Map<String, Trust> trust(Fields block) {
        var trust = new LinkedHashMap<String, Trust>();
        block.entries().forEach((system, node) -> {
            var own = new Fields(node, block.where() + "." + system);
            int max = points(own, "max", 100);
            int min = points(own, "min", 0);
            var decay = own.period("decay", null);
            var halfLife = own.period("halfLife", null);
            var downgrades = new ArrayList<Trust.Downgrade>();
            var list = own.raw("downgrades");
            if (!list.isMissingNode() && !list.isArray())
                throw Fields.bad(own.where() + ".downgrades", "must be a list");
            for (var item : list) {
                var downgrade = new Fields(item, own.where() + ".downgrades[" + downgrades.size() + "]");
                var when = ValueTests.read(type, downgrade.block("when"), true);
                int by = points(downgrade, "by", 0);
                downgrade.done();
                downgrades.add(valid(downgrade.where(), () -> new Trust.Downgrade(when, by)));
            }
            own.done();
            trust.put(system, valid(own.where(), () -> new Trust(max, min, decay, halfLife, downgrades)));
        });
        return trust;
    }

    private static int points(Fields fields, String key, int otherwise) {
        double number = fields.number(key, otherwise);
        if (number != Math.rint(number) || number < 0 || number > 100) {
            throw Fields.bad(fields.where() + "." + key, "must be a whole number from 0 to 100");
        }
        return (int) number;
    }

    private static <T> T valid(String where, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw Fields.bad(where, e.getMessage());
        }
    }
}
