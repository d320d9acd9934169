package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Dispatcher.Outlet;
import io.kintsugi.server.engine.outbound.Settlement.Finding;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.List;

/** Changes whose outcome is not known: they are read, and only then decided; never assumed failed, never assumed done. */
final class UnknownOutcomes {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Settlement settlement;

    UnknownOutcomes(HubStore store, LiveModel model, Clock clock, Settlement settlement) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.settlement = settlement;
    }

    private void settle(StreamMapping stream, List<Finding> findings) {
        store.write(tx -> settlement.settle(tx, stream.stream(), findings, clock.instant()));
    }

    /** Reads changes of one stream, and stores what is known then. */
    void read(Outlet outlet, StreamMapping stream, List<Sendable> unknown) throws ConnectorException {
        var verification = new Verification(
                stream,
                outlet.translator(stream),
                outlet.describe(stream.stream()),
                model.rules(stream.entityType()).attributeTypes());
        var updates = unknown.stream().filter(s -> s.change().target() != null).toList();
        var undeletes = unknown.stream()
                .filter(sent -> sent.change().intent().kind() == Intent.Kind.UNDELETE)
                .toList();
        var made = unknown.stream()
                .filter(sent -> sent.change().intent().made() != null)
                .toList();
        var creates = unknown.stream()
                .filter(sent -> sent.change().target() == null && !undeletes.contains(sent) && !made.contains(sent))
                .toList();
        var lookups = outlet.connector().lookups();
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        var asked = clock.instant(); // an answer may be long under way, and tells what was when it was asked for
        if (!updates.isEmpty()) {
            var ids = updates.stream()
                    .map(sent -> sent.change().target().externalId())
                    .toList();
            var answers = lookups.byId(query, ids);
            Dispatcher.follow(outlet, stream, answers);
            settle(
                    stream,
                    Dispatcher.found(
                            updates,
                            sent -> verification.ofUpdate(
                                    sent, answers.get(sent.change().target().externalId()), asked)));
            Dispatcher.takeIn(outlet, stream, answers);
            var merged = updates.stream()
                    .map(Sendable::change)
                    .filter(change -> change.intent().kind() == Intent.Kind.MERGE)
                    .map(OutboundChange::target)
                    .toList();
            if (NativeMerge.offered(outlet.describe(stream.stream())))
                NativeMerge.lookAtChildren(store, model.get(), outlet, merged);
        }
        if (!undeletes.isEmpty()) {
            var answers = lookups.byId(
                    query,
                    undeletes.stream()
                            .map(sent -> NativeUndelete.id(sent.change()))
                            .toList());
            Dispatcher.follow(outlet, stream, answers);
            Dispatcher.takeIn(outlet, stream, answers);
            settle(
                    stream,
                    Dispatcher.found(
                            undeletes,
                            sent -> verification.ofUndelete(
                                    sent.change(), answers.get(NativeUndelete.id(sent.change())), asked)));
        }
        if (!made.isEmpty()) {
            var answers = lookups.byId(
                    query,
                    made.stream().map(sent -> sent.change().intent().made()).toList());
            settle(
                    stream,
                    Dispatcher.found(
                            made,
                            sent -> verification.ofMade(
                                    sent.change(),
                                    answers.get(sent.change().intent().made()),
                                    asked)));
            Dispatcher.follow(outlet, stream, answers); // what is gone is known to have been made when that is taken in
            Dispatcher.takeIn(outlet, stream, answers);
        }
        if (!creates.isEmpty()) {
            var answers = stream.linkKeyField() == null
                    ? MadeRecords.byNaturalKey(store, outlet, stream, verification, creates)
                    : lookups.byKey(query, stream.linkKeyField(), intents(creates));
            settle(
                    stream,
                    Dispatcher.found(
                            creates,
                            sent -> verification.ofCreate(
                                    sent.change(),
                                    answers.getOrDefault(sent.change().intent().id(), List.of()),
                                    asked)));
        }
    }

    private static List<String> intents(List<Sendable> sent) {
        return sent.stream().map(one -> one.change().intent().id()).toList();
    }
}
