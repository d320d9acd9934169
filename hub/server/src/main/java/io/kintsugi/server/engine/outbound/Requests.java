package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Settlement.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a system is asked for to make its records as they are to be.
 *
 * @param stuck changes that cannot be said to the system, or not whole; each parks alone
 */
record Requests(Map<Sendable, WriteOp> ops, List<Finding> stuck) {
    /** @param look what the records were just seen to hold */
    static Requests of(
            Dispatcher.Outlet outlet,
            StreamMapping stream,
            Collection<Sendable> batch,
            LastLook look,
            StreamDef description) {
        var requests = new Requests(new LinkedHashMap<>(), new ArrayList<>());
        boolean writes = outlet.connector().facet(Writer.class).isPresent();
        var translator = outlet.translator(stream);
        for (var sendable : batch) {
            try {
                if (!writes) throw new IllegalArgumentException(outlet.system() + " cannot be written");
                requests.ops.put(sendable, op(sendable, translator, description, look.of(sendable)));
            } catch (IllegalArgumentException e) {
                var refused = unwritable(sendable, translator, description);
                var stuck = refused.isEmpty() ? new Outcome.Stuck(e.getMessage()) : new Outcome.HeldBack(refused);
                requests.stuck.add(new Finding(sendable.change(), sendable.target(), stuck));
            }
        }
        return requests;
    }

    /** Values that the functions of their fields cannot write, with the reason. */
    private static SortedMap<String, String> unwritable(
            Sendable sendable, Translator translator, StreamDef description) {
        var refused = new TreeMap<String, String>();
        sendable.change().intent().values().forEach((attribute, value) -> {
            try {
                translator.write(Map.of(attribute, value), Map.of(), description);
            } catch (IllegalArgumentException e) {
                refused.put(attribute, e.getMessage());
            }
        });
        return refused;
    }

    /** @param there the record as it is; empty if it was not looked at */
    private static WriteOp op(
            Sendable sendable, Translator translator, StreamDef description, Optional<NativeRecord> there) {
        var change = sendable.change();
        var intent = change.intent();
        var held = sendable.target() == null
                ? Map.<String, String>of()
                : sendable.target().attributes();
        if (intent.kind() == Intent.Kind.DELETE || intent.kind() == Intent.Kind.MERGE)
            return delete(sendable, description, there);
        if (intent.kind() == Intent.Kind.CREATE) {
            return new WriteOp.Create(intent.id(), intent.id(), translator.create(intent.values(), description));
        }
        var write = translator.write(intent.values(), held, description);
        var expected = new HashMap<>(write.expected());
        there.ifPresent(now -> {
            write.set()
                    .keySet()
                    .forEach(field -> expected.put(field, now.fields().get(field)));
            write.clear().forEach(field -> expected.put(field, now.fields().get(field)));
        });
        return new WriteOp.Update(
                intent.id(),
                change.target().externalId(),
                write.set(),
                Set.copyOf(write.clear()),
                expected,
                sendable.target().version());
    }

    /** A delete of the record as it was last seen, so that what somebody changed since is not deleted unseen. */
    private static WriteOp delete(Sendable sendable, StreamDef description, Optional<NativeRecord> there) {
        var id = sendable.change().target().externalId();
        var can = description == null ? Set.<Op>of() : description.can().ops();
        if (!can.contains(Op.DELETE) && !can.contains(Op.ARCHIVE)) {
            throw new IllegalArgumentException(sendable.change().system()
                    + " cannot delete records through its connector; delete or deactivate " + id
                    + " there by hand, and this settles by itself");
        }
        var expected = new HashMap<String, Object>();
        there.ifPresent(now -> sendable.stream()
                .fields()
                .forEach(field -> expected.put(field.field(), now.fields().get(field.field()))));
        return new WriteOp.Delete(
                sendable.change().intent().id(), id, expected, sendable.target().version());
    }
}
