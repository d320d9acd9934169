package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Dispatcher.Outlet;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    /** Reads changes of one stream, and stores what is known then. */
    void read(Outlet outlet, StreamMapping stream, List<Sendable> unknown) throws ConnectorException {
        var ways = unknown.stream()
                .collect(Collectors.groupingBy(Way::of, () -> new EnumMap<>(Way.class), Collectors.toList()));
        var look = new Look(outlet, stream);
        for (var way : ways.entrySet()) {
            var changes = way.getValue();
            switch (way.getKey()) {
                case UPDATED -> look.atUpdated(changes);
                case UNDELETED -> look.atUndeleted(changes);
                case MADE -> look.atMade(changes);
                case CREATED -> look.forCreated(changes);
            }
        }
    }

    /** How the outcome of a change is found, in the order in which that is done. */
    private enum Way {
        UPDATED,
        UNDELETED,
        /** The reply to a create named what it made. */
        MADE,
        CREATED;

        static Way of(Sendable sent) {
            var change = sent.change();
            if (change.target() != null) return UPDATED;
            if (change.intent().kind() == Intent.Kind.UNDELETE) return UNDELETED;
            return change.intent().made() != null ? MADE : CREATED;
        }
    }

    /** One look at what a system holds. */
    private final class Look {
        private final Outlet outlet;
        private final StreamMapping stream;
        private final Verification verification;
        private final Lookups lookups;
        private final Query query;

        /** An answer may be long under way, and tells what was when it was asked for. */
        private final Instant asked = clock.instant();

        Look(Outlet outlet, StreamMapping stream) throws ConnectorException {
            this.outlet = outlet;
            this.stream = stream;
            verification = new Verification(
                    stream,
                    outlet.translator(stream),
                    outlet.describe(stream.stream()),
                    model.rules(stream.entityType()).attributeTypes());
            lookups = outlet.connector().lookups();
            query = new Query(stream.stream(), outlet.translator(stream).fields());
        }

        void atUpdated(List<Sendable> updates) throws ConnectorException {
            var answers = byId(updates, UnknownOutcomes::target);
            Dispatcher.follow(outlet, stream, answers);
            settle(updates, sent -> verification.ofUpdate(sent, answers.get(target(sent)), asked));
            Dispatcher.takeIn(outlet, stream, answers);
            var merged = updates.stream()
                    .map(Sendable::change)
                    .filter(change -> change.intent().kind() == Intent.Kind.MERGE)
                    .map(OutboundChange::target)
                    .toList();
            if (NativeMerge.offered(outlet.describe(stream.stream())))
                NativeMerge.lookAtChildren(store, model.get(), outlet, merged);
        }

        void atUndeleted(List<Sendable> undeletes) throws ConnectorException {
            var answers = byId(undeletes, sent -> NativeUndelete.id(sent.change()));
            Dispatcher.follow(outlet, stream, answers);
            Dispatcher.takeIn(outlet, stream, answers);
            settle(undeletes, sent -> {
                var answer = answers.get(NativeUndelete.id(sent.change()));
                return verification.ofUndelete(sent.change(), answer, asked);
            });
        }

        void atMade(List<Sendable> made) throws ConnectorException {
            var answers = byId(made, UnknownOutcomes::made);
            settle(made, sent -> verification.ofMade(sent.change(), answers.get(made(sent)), asked));
            Dispatcher.follow(outlet, stream, answers); // what is gone is known to have been made when that is taken in
            Dispatcher.takeIn(outlet, stream, answers);
        }

        void forCreated(List<Sendable> creates) throws ConnectorException {
            var answers = stream.linkKeyField() == null
                    ? MadeRecords.byNaturalKey(store, outlet, stream, verification, creates)
                    : lookups.byKey(query, stream.linkKeyField(), names(creates, UnknownOutcomes::intent));
            settle(
                    creates,
                    sent -> verification.ofCreate(sent.change(), answers.getOrDefault(intent(sent), List.of()), asked));
        }

        private Map<String, Lookup> byId(List<Sendable> changes, Function<Sendable, String> id)
                throws ConnectorException {
            return lookups.byId(query, names(changes, id));
        }

        private void settle(List<Sendable> changes, Function<Sendable, Outcome> outcome) {
            var findings = Dispatcher.found(changes, outcome);
            store.write(tx -> settlement.settle(tx, stream.stream(), findings, clock.instant()));
        }
    }

    private static List<String> names(List<Sendable> changes, Function<Sendable, String> name) {
        return changes.stream().map(name).toList();
    }

    private static String target(Sendable sent) {
        return sent.change().target().externalId();
    }

    private static String made(Sendable sent) {
        return sent.change().intent().made();
    }

    private static String intent(Sendable sent) {
        return sent.change().intent().id();
    }
}
