package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.sync.Outbound.Write;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.Children.Child;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OpenQuestions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * References that are to lead to another record of the same golden in their system, because the one they lead to is deleted there to be
 * merged, or has been (MRG-2). In golden terms they are right as they are; only their system needs them changed. As one transaction
 * finds them.
 */
final class Reparenting {
    /** Most children that are told to move at one look; the others are at the next. */
    private static final int MOST = 1000;

    private static final int NAMED = 3;

    private final LiveModel model;
    private final String system;
    private final Map<String, StreamDef> descriptions;
    private final Map<RecordKey, RecordKey> onto = new HashMap<>();

    private Reparenting(LiveModel model, String system, Map<String, StreamDef> descriptions) {
        this.model = model;
        this.system = system;
        this.descriptions = descriptions;
    }

    /**
     * @param descriptions of the streams of the system, by name
     * @param children records of the system that something may be written to
     */
    static Reparenting read(
            HubTransaction tx,
            LiveModel model,
            String system,
            Map<String, StreamDef> descriptions,
            Collection<SourceRecord> children) {
        var found = new Reparenting(model, system, descriptions);
        var policy = Folding.policy(model.get(), system);
        if (policy.deletes() && policy.when() != Duplicates.When.KEEP) found.look(tx, policy, children);
        return found;
    }

    private void look(HubTransaction tx, Duplicates policy, Collection<SourceRecord> children) {
        var named = new TreeSet<RecordKey>();
        for (var child : children)
            named.addAll(Children.named(model.get(), child).values());
        if (named.isEmpty()) return;
        var goldenOf = tx.goldens().goldenOf(named);
        var members = tx.goldens().members(new TreeSet<>(goldenOf.values()));
        var folding = Folding.read(tx, policy, named, members);
        var questions = OpenQuestions.of(tx, DueFacts.records(members));
        goldenOf.forEach((parent, golden) ->
                folding.instead(parent, golden, descriptions, questions).ifPresent(to -> onto.put(parent, to)));
    }

    /**
     * References of a record that are to be written though they are right in golden terms.
     *
     * @param target as its system holds it
     * @param terms the same in golden terms
     * @param writable attributes that may be written to it
     */
    SortedMap<String, Write> writes(
            SourceRecord target, SourceRecord terms, GoldenRecord golden, Collection<String> writable) {
        var writes = new TreeMap<String, Write>();
        Children.named(model.get(), target).forEach((reference, parent) -> {
            var name = reference.name();
            var to = onto.get(parent);
            var value = golden.values().get(name);
            if (to == null || value == null || !writable.contains(name)) return;
            var state = terms.states().get(name);
            if (state != null && state.hold() != null || !value.value().equals(terms.value(name))) return;
            // what the system itself had said goes on counting, so that an unmerge finds it
            boolean copy = state != null && state.copied() && !state.recalled();
            writes.put(name, new Write(to.externalId(), copy ? value.version() : AttributeState.RECALLED));
        });
        return writes;
    }

    /**
     * Why a record cannot be deleted yet, though it would be merged by that.
     *
     * @param why for people
     * @param moves children that can move, to be looked at
     */
    record Left(String why, List<Marker> moves) {}

    /** What still leads to a record that is to go into another one; empty if nothing does. */
    Optional<Left> left(HubTransaction tx, SourceRecord record, RecordKey into, Instant now) {
        var unseen = unseen(record);
        if (unseen.isPresent()) return Optional.of(new Left(unseen.get(), List.of()));
        var children = Children.of(tx, model.get(), List.of(record.key()));
        if (children.isEmpty()) return Optional.empty();
        var keys = new TreeSet<RecordKey>();
        for (var child : children) keys.add(child.record().key());
        var goldenOf = tx.goldens().goldenOf(keys);
        var goldens = tx.goldens().find(new TreeSet<>(goldenOf.values()));
        var moves = new ArrayList<Marker>();
        var stuck = new ArrayList<String>();
        for (var child : children) {
            var key = child.record().key();
            var golden = goldenOf.containsKey(key) ? goldens.get(goldenOf.get(key)) : null;
            var obstacle = obstacle(child, golden);
            if (obstacle != null) stuck.add(key.entityType() + " " + key.externalId() + ": " + obstacle);
            else if (moves.size() < MOST) {
                moves.add(new Marker(golden.id(), system, key.entityType(), key, now, Cause.REFERENCE));
            }
        }
        return Optional.of(new Left(why(children, stuck, into), moves));
    }

    private String why(List<Child> children, List<String> stuck, RecordKey into) {
        var to = into.externalId();
        if (stuck.isEmpty()) {
            return "once what refers to it points to " + to + ": "
                    + named(children.stream()
                            .map(child -> child.record().key().entityType() + " "
                                    + child.record().key().externalId())
                            .toList());
        }
        return "but records of " + system + " refer to it that the hub cannot point to " + to
                + "; do that there, and this goes on by itself. " + named(stuck);
    }

    private static String named(List<String> texts) {
        var some = String.join("; ", texts.subList(0, Math.min(NAMED, texts.size())));
        return texts.size() > NAMED ? some + "; and " + (texts.size() - NAMED) + " more" : some;
    }

    /** Why the hub cannot let a child lead elsewhere; null if it can. */
    private String obstacle(Child child, GoldenRecord golden) {
        var record = child.record();
        var name = child.reference().name();
        if (record.state() != RecordState.LIVE || golden == null) return "it is not in step with the hub";
        var writable = stream(record).stream()
                .filter(StreamMapping::write)
                .flatMap(stream -> stream.fields().stream())
                .anyMatch(field -> field.writable() && field.attribute().equals(name));
        if (!writable) return name + " is not written";
        var mode = model.rules(record.key().entityType())
                .authority()
                .rule(name, golden::value)
                .writeTo(system);
        if (mode != WriteMode.ALWAYS) return "the policy does not let " + name + " be written";
        var state = record.states().get(name);
        if (state != null && state.hold() != null) return name + " " + state.hold();
        return golden.value(name) == null ? "its golden record has no " + name : null;
    }

    private Optional<StreamMapping> stream(SourceRecord record) {
        return model.get().system(system).map(SystemConfig::streams).orElse(List.of()).stream()
                .filter(stream -> stream.stream().equals(record.stream()))
                .findFirst();
    }

    /** References of the system to records of a stream that the hub does not read. */
    private Optional<String> unseen(SourceRecord record) {
        return descriptions.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .flatMap(def -> def.relations().stream()
                        .filter(relation -> relation.targets().contains(record.stream()))
                        .filter(relation -> !reads(
                                def.name(), relation.field(), record.key().entityType()))
                        .map(relation -> "but " + def.label() + " may refer to it by " + relation.name()
                                + ", which the hub does not read; map that field, or merge the two in " + system))
                .findFirst();
    }

    private boolean reads(String stream, String field, String refersTo) {
        return model.get().system(system).map(SystemConfig::streams).orElse(List.of()).stream()
                .filter(mapping -> mapping.stream().equals(stream))
                .anyMatch(mapping -> mapping.fields().stream()
                        .filter(one -> one.field().equals(field))
                        .anyMatch(one -> isReference(mapping.entityType(), one.attribute(), refersTo)));
    }

    private boolean isReference(String entityType, String attribute, String refersTo) {
        return model.get().entityType(entityType).references().stream()
                .filter(reference -> reference.name().equals(attribute))
                .map(Attribute::refersTo)
                .anyMatch(refersTo::equals);
    }
}
