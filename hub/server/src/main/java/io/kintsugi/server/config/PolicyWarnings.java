package io.kintsugi.server.config;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.policy.ValueTest;
import io.kintsugi.server.engine.shared.HubModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a policy may say and perhaps does not mean: systems may be connected, and attributes mapped, later. Each names its place. */
public final class PolicyWarnings {
    private final HubModel model;
    private final String entityType;
    private final Set<String> systems = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();

    private PolicyWarnings(HubModel model, String entityType) {
        this.model = model;
        this.entityType = entityType;
        model.systems().forEach(system -> systems.add(system.id()));
    }

    /** Of all policies of a model, each with the block of the configuration that it stands in. */
    public static List<String> of(HubModel model) {
        var all = new ArrayList<String>();
        for (var type : model.entityTypes()) {
            of(model.authority().get(type.name()), model)
                    .forEach(text -> all.add("authority." + type.name() + "." + text));
            of(model.deletes(type.name()), model).forEach(text -> all.add("deletes." + type.name() + "." + text));
        }
        return all;
    }

    /** Systems that the hub has not, and attributes that no system gives. */
    public static List<String> of(AuthorityPolicy policy, HubModel model) {
        var found = new PolicyWarnings(model, policy.entityType());
        found.systems("default", policy.defaultRule());
        var mapped = found.mapped();
        policy.groups().forEach((group, attributes) -> found.attributes("groups." + group, attributes, mapped));
        policy.rules().forEach((name, rules) -> {
            boolean given = rules.stream().noneMatch(rule -> rule.strategy() == Strategy.STEWARD_ONLY);
            if (given && !policy.groups().containsKey(name)) found.attributes(name, List.of(name), mapped);
            for (int i = 0; i < rules.size(); i++) {
                found.systems(rules.size() == 1 ? name : name + "[" + i + "]", rules.get(i));
            }
        });
        return found.sorted();
    }

    /** Systems that the hub has not, and deletes where it may not write. */
    public static List<String> of(DeletePolicy policy, HubModel model) {
        var found = new PolicyWarnings(model, policy.entityType());
        for (int i = 0; i < policy.cells().size(); i++)
            found.cell("matrix[" + i + "]", policy.cells().get(i));
        return List.copyOf(found.warnings);
    }

    /** A policy keeps its rules in no order. */
    private List<String> sorted() {
        return warnings.stream().sorted().toList();
    }

    private void systems(String where, Rule rule) {
        known(where + ".ranking", rule.ranking());
        var trusted = new TreeSet<>(rule.trust().keySet());
        trusted.remove(Rule.OTHERS);
        known(where + ".trust", trusted);
        known(where + ".writeTo", new TreeSet<>(rule.writeTo().keySet()));
        for (var test : rule.only()) {
            if (test.subject().equals(ValueTest.SYSTEM)) known(where + ".only", test.values());
        }
    }

    private void known(String where, Collection<String> named) {
        for (var system : named) {
            if (!systems.contains(system)) {
                warnings.add(where + ": the hub has no system \"" + system + "\"" + Fields.nearest(system, systems));
            }
        }
    }

    private void attributes(String where, List<String> attributes, Set<String> mapped) {
        if (mapped.isEmpty()) return; // no system holds the type yet
        for (var attribute : attributes) {
            if (mapped.contains(attribute)) continue;
            warnings.add(
                    where + ": no stream is mapped to " + attribute + " of " + entityType + ", so no system gives it");
        }
    }

    private Set<String> mapped() {
        return model.systems().stream()
                .flatMap(this::streams)
                .flatMap(stream -> stream.fields().stream())
                .map(StreamMapping.FieldMapping::attribute)
                .collect(Collectors.toSet());
    }

    private Stream<StreamMapping> streams(SystemConfig system) {
        return system.streams().stream().filter(stream -> stream.entityType().equals(entityType));
    }

    private void cell(String where, DeletePolicy.Cell cell) {
        if (cell.from() != null && !Deletion.HUB.equals(cell.from())) known(where, List.of(cell.from()));
        if (cell.to() == null) return;
        known(where, List.of(cell.to()));
        boolean deletes =
                cell.rule().action() == Action.PROPAGATE || cell.rule().joined() == Action.PROPAGATE;
        model.system(cell.to()).ifPresent(to -> {
            if (deletes && streams(to).noneMatch(StreamMapping::write)) {
                warnings.add(where + ": the hub may not write records of type " + entityType + " in " + to.label()
                        + ", so it cannot delete one there");
            }
        });
    }
}
