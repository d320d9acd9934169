package io.kintsugi.server.api;

import io.kintsugi.connector.simulated.Line;
import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Systems that answer, each with one record. */
final class SimulatedSystems implements ConnectorFactory {
    private final boolean sure;

    SimulatedSystems() {
        this(false);
    }

    /** @param sure whether they say of every other record that it was deleted, instead of that they do not know it */
    SimulatedSystems(boolean sure) {
        this.sure = sure;
    }

    private static final List<String> FIELDS = List.of(
            "native_firstName",
            "native_lastName",
            "native_email",
            "native_phone",
            "native_birthDate",
            "native_city",
            "native_manager");

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(
                "still", "Still", List.of(new ConnectorSpec.Setting("password", false, true, "Secret.")));
    }

    @Override
    public Connector open(String system, Map<String, Object> settings, ConnectorContext context) {
        var nature = Nature.plain(FIELDS, Trait.VERSIONS, Trait.CONDITIONAL, Trait.TELLS_DELETES);
        var simulated = new SimulatedSystem(system, "people", system, nature, Clock.systemUTC(), () -> Duration.ZERO);
        simulated.create(
                Map.of("native_firstName", "Ada", "native_lastName", "Lovelace", "native_email", "ada@example.org"));
        var connector = simulated.connector(Line.PERFECT);
        return sure ? new Sure(connector) : connector;
    }

    private record Sure(Connector connector) implements Connector {
        @Override
        public CheckReport check() throws ConnectorException {
            return connector.check();
        }

        @Override
        public Catalog discover() throws ConnectorException {
            return connector.discover();
        }

        @Override
        public Lookups lookups() {
            var lookups = connector.lookups();
            return new Lookups() {
                @Override
                public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
                    var answers = new HashMap<>(lookups.byId(query, ids));
                    answers.replaceAll(
                            (id, answer) -> answer instanceof Lookup.Unknown ? new Lookup.Gone(null, false) : answer);
                    return answers;
                }

                @Override
                public Map<String, List<NativeRecord>> byKey(Query query, String field, Collection<String> values)
                        throws ConnectorException {
                    return lookups.byKey(query, field, values);
                }
            };
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            return connector.facet(type);
        }

        @Override
        public void close() {
            connector.close();
        }
    }
}
