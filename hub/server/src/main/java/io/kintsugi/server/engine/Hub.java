package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.erasure.Erasing;
import io.kintsugi.server.engine.explain.Explanations;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Clock;

/**
 * The engine as one value: everything that works on one store. Opens nothing and starts nothing by itself; {@link Systems#start()}
 * sets the loops going. Closing stops the loops and leaves the store open.
 */
public record Hub(
        HubStore store,
        LiveModel model,
        HubEvents events,
        Resolver resolver,
        Dispatcher dispatcher,
        Stewardship stewardship,
        Reversals reversals,
        Erasing erasing,
        Explanations explanations,
        Schemas schemas,
        Systems systems)
        implements AutoCloseable {
    /** A hub on a store. Starts nothing: {@link Systems#start()} does. */
    public static Hub over(HubStore store, LiveModel model, Connectors connectors, Clock clock, Ids ids) {
        var events = new HubEvents();
        var resolver = new Resolver(store, model, clock, ids, events);
        var dispatcher = new Dispatcher(store, model, clock, ids, events);
        var schemas = new Schemas(store, model, clock, events);
        var systems = new Systems(store, model, clock, ids, events, connectors, resolver, dispatcher, schemas);
        return new Hub(
                store,
                model,
                events,
                resolver,
                dispatcher,
                new Stewardship(store, model, resolver, clock, events, systems::catalog),
                new Reversals(model, systems::catalog),
                systems.erasing(),
                new Explanations(store, model, clock),
                schemas,
                systems);
    }

    @Override
    public void close() {
        systems.close();
    }
}
