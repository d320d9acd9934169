package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.EntityOrder;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.core.sync.Principal;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What references of goldens are called in the system that is written to, as one transaction finds it. */
public final class OutboundReferences {
    private final HubModel model;
    private final String system;
    private final Map<String, Referents> byType = new HashMap<>();
    private final Map<String, String> current;
    private final Map<String, RecordKey> records = new HashMap<>();
    private final Set<String> coming = new HashSet<>();

    private OutboundReferences(HubModel model, String system, Map<String, String> current) {
        this.model = model;
        this.system = system;
        this.current = current;
    }

    /**
     * @param goldens what is to be written
     * @param targets the records that it is to be written to
     */
    public static OutboundReferences read(
            HubTransaction tx,
            HubModel model,
            String system,
            Collection<GoldenRecord> goldens,
            Collection<SourceRecord> targets) {
        var types = model.entityTypes().stream()
                .filter(type -> !type.references().isEmpty())
                .toList();
        var named = new TreeSet<String>();
        for (var type : types) named.addAll(Referents.goldensNamed(type, of(type, goldens)));
        var found = new OutboundReferences(model, system, tx.goldens().currentIds(named));
        var book = new ReferenceBook(tx, model);
        for (var type : types) {
            var own = targets.stream()
                    .filter(record -> record.key().entityType().equals(type.name()))
                    .toList();
            found.byType.put(type.name(), book.read(type, own, of(type, goldens)));
        }
        found.look(tx);
        return found;
    }

    private static Collection<GoldenRecord> of(EntityType type, Collection<GoldenRecord> goldens) {
        return goldens.stream()
                .filter(golden -> golden.entityType().equals(type.name()))
                .toList();
    }

    private void look(HubTransaction tx) {
        var ids = new TreeSet<>(current.values());
        if (ids.isEmpty()) return;
        var creates = new TreeMap<String, String>();
        var goldens = tx.goldens().find(ids);
        tx.goldens().members(ids).forEach((id, members) -> {
            var live = new HashSet<RecordKey>();
            for (var member : members) {
                if (member.record().state() == RecordState.LIVE) {
                    live.add(member.record().key());
                }
            }
            var record = Principal.of(
                    system, members.stream().map(Member::membership).toList(), live::contains);
            record.ifPresent(key -> records.put(id, key));
            var golden = goldens.get(id);
            if (record.isEmpty() && golden != null) {
                creates.put(OutboundChange.createKey(id, system, golden.entityType()), id);
            }
        });
        tx.outbox().find(creates.keySet()).forEach((key, create) -> {
            switch (create.state()) {
                case DUE, SENDING, VERIFYING -> coming.add(creates.get(key));
                case SETTLED, PARKED, HELD -> {}
            }
        });
    }

    /**
     * Attributes that a system demands of new records, by entity type, as far as it matters: of types with references.
     *
     * @param describe gives a stream as the system describes it; null if it has not
     */
    static Map<String, Set<String>> required(HubModel model, String system, Function<String, StreamDef> describe) {
        var required = new HashMap<String, Set<String>>();
        for (var stream : model.system(system).map(SystemConfig::streams).orElse(List.of())) {
            boolean waits = stream.provision()
                    && !model.entityType(stream.entityType()).references().isEmpty();
            var description = waits ? describe.apply(stream.stream()) : null;
            if (description == null) continue;
            var demanded = new HashSet<String>();
            for (var field : stream.fields()) {
                boolean relation = description.relations().stream()
                        .anyMatch(def -> def.required() && field.field().equals(def.field()));
                boolean never = description.fields().stream()
                        .anyMatch(def -> def.name().equals(field.field()) && !def.nullable());
                if (relation || never) demanded.add(field.attribute());
            }
            required.put(stream.entityType(), demanded);
        }
        return required;
    }

    SourceRecord inGoldenTerms(SourceRecord record) {
        return byType.getOrDefault(record.key().entityType(), Referents.NONE).inGoldenTerms(record);
    }

    /**
     * A value that leads to a golden without a record in the system.
     *
     * @param coming whether its record is being created there
     */
    record Missing(String attribute, String entityType, String golden, boolean coming) {}

    /**
     * Writes as the system has to be told them.
     *
     * @param writes those that can be said, references as the system's own ids
     * @param missing those that cannot
     */
    record Said(SortedMap<String, Outbound.Write> writes, SortedMap<String, Missing> missing) {}

    Said inNativeTerms(EntityType type, SortedMap<String, Outbound.Write> planned) {
        var writes = new TreeMap<>(planned);
        var missing = new TreeMap<String, Missing>();
        for (var reference : type.references()) {
            var write = writes.get(reference.name());
            if (write == null || write.value().isEmpty()) continue;
            var golden = current.getOrDefault(write.value(), write.value());
            var record = records.get(golden);
            if (record != null && record.entityType().equals(reference.refersTo())) {
                writes.put(reference.name(), new Outbound.Write(record.externalId(), write.version()));
            } else {
                writes.remove(reference.name());
                missing.put(
                        reference.name(),
                        new Missing(reference.name(), reference.refersTo(), golden, coming.contains(golden)));
            }
        }
        return new Said(writes, missing);
    }

    /** References of a golden that lead to nothing in the system, so that they cannot be written there now. */
    public Set<String> unsayable(EntityType type, GoldenRecord golden) {
        var values = new TreeMap<String, Outbound.Write>();
        golden.values().forEach((name, value) -> values.put(name, new Outbound.Write(value.value(), value.version())));
        return inNativeTerms(type, values).missing().keySet();
    }

    /** Whether the hub creates records of a type in the system. */
    boolean provisions(String entityType) {
        return model.system(system).stream()
                .flatMap(config -> config.streams().stream())
                .anyMatch(stream -> stream.entityType().equals(entityType) && stream.provision());
    }

    /**
     * A reference that a record cannot be created without, and that its golden has no value of; empty if there is none.
     *
     * @param required attributes that the system demands
     */
    static Optional<String> lacking(EntityType type, StreamMapping stream, GoldenRecord golden, Set<String> required) {
        return type.references().stream()
                .map(reference -> reference.name())
                .filter(required::contains)
                .filter(name -> stream.fields().stream()
                        .anyMatch(field -> field.attribute().equals(name) && field.writable()))
                .filter(name -> golden.value(name) == null)
                .findFirst();
    }

    /**
     * A create that waits for a record it refers to. One that can be made without is made without, and the reference is written once
     * there is something to refer to: so records that refer to one another in a circle all come about.
     */
    Optional<OutboundChange> waiting(
            OutboundChange change,
            StreamMapping stream,
            GoldenRecord golden,
            Said said,
            Set<String> required,
            EntityOrder order,
            Instant now) {
        var type = model.entityType(stream.entityType());
        for (var missing : said.missing().values()) {
            boolean demanded = required.contains(missing.attribute());
            if (missing.coming() && (demanded || order.before(missing.entityType(), type.name()))) {
                var why = "waits until " + named(missing) + " is created in " + change.system();
                return Optional.of(Outcome.change(
                        change, OutboundState.DUE, why, now.plus(Dispatch.PUT_OFF), change.attempts(), now));
            }
            if (demanded) return Optional.of(Outcome.rest(change, OutboundState.HELD, absent(missing, change), now));
        }
        return lacking(type, stream, golden, required)
                .map(name -> Outcome.rest(
                        change,
                        OutboundState.HELD,
                        change.system() + " demands " + name
                                + ", and it is not known yet; give the golden record a value, or wait until the record it"
                                + " refers to has come",
                        now));
    }

    /** The creates that others wait for go before everything else. */
    List<Marker> needed(Said said, String system, Instant now) {
        return said.missing().values().stream()
                .filter(Missing::coming)
                .map(missing -> new Marker(missing.golden(), system, missing.entityType(), null, now, Cause.NEEDED))
                .toList();
    }

    /** Only references are left, and none of them can be said there yet. */
    OutboundChange unsaid(OutboundChange change, Said said, Instant now) {
        boolean comes = false;
        var reasons = new ArrayList<String>();
        for (var missing : said.missing().values()) {
            comes |= missing.coming() || provisions(missing.entityType());
            reasons.add(absent(missing, change));
        }
        return Outcome.rest(
                change, comes ? OutboundState.HELD : OutboundState.SETTLED, String.join("; ", reasons), now);
    }

    private static String named(Missing missing) {
        return missing.entityType() + " " + missing.golden();
    }

    private static String absent(Missing missing, OutboundChange change) {
        return missing.attribute() + " is not written: " + named(missing) + " is not in " + change.system();
    }
}
