package io.kintsugi.server.api;

import io.kintsugi.connector.simulated.Line;
import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Systems that answer, each with one record. */
final class SimulatedSystems implements ConnectorFactory {
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
        return simulated.connector(Line.PERFECT);
    }
}
