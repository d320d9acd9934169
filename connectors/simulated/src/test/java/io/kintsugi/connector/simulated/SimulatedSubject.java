package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.tck.Subject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A simulated system as its users see it. Its feed is as slow as its nature allows. */
final class SimulatedSubject implements Subject {
    static final List<String> FIELDS = List.of("name", "colour");
    private final Nature nature;
    private final MovingClock clock = new MovingClock();
    private final SimulatedSystem system;
    private boolean unplugged;

    SimulatedSubject(Nature nature) {
        this.nature = nature;
        this.system = new SimulatedSystem("system-under-test", nature, clock, nature::lag);
    }

    @Override
    public ConnectorFactory factory() {
        return new Factory();
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of("system", this);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public String stream() {
        return SimulatedSystem.STREAM;
    }

    @Override
    public List<String> textFields() {
        return FIELDS;
    }

    @Override
    public String linkKeyField() {
        return nature.has(Trait.LINK_KEY) ? SimulatedSystem.LINK_KEY : null;
    }

    @Override
    public String create(Map<String, String> fields) {
        return system.create(fields);
    }

    @Override
    public void edit(String id, Map<String, String> fields) {
        system.edit(id, fields);
    }

    @Override
    public void delete(String id) {
        system.delete(id);
    }

    @Override
    public Optional<Map<String, String>> read(String id) {
        return Optional.ofNullable(system.rows().get(id)).map(row -> {
            var values = new LinkedHashMap<String, String>();
            for (var field : FIELDS) values.put(field, row.value(field));
            return values;
        });
    }

    @Override
    public void settle() {
        clock.now = clock.now.plus(nature.lag()).plusMillis(1_234);
    }

    @Override
    public Optional<String> merge(String winner, String loser) {
        return Optional.ofNullable(system.merge(winner, loser));
    }

    @Override
    public boolean forget() {
        if (nature.retention() == null) return false;
        clock.now = clock.now.plus(nature.retention()).plusSeconds(1);
        return true;
    }

    @Override
    public boolean unplug() {
        unplugged = true;
        return true;
    }

    @Override
    public void close() {}

    private Line line() {
        return new Line() {
            @Override
            public Fate request(String name, boolean writes) throws ConnectorException {
                if (unplugged) throw new ConnectorException.Transient(name + " is away", null);
                return Fate.ARRIVES;
            }
        };
    }

    /** Moves when told. */
    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00.123Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Opens the way to a subject. */
    public static final class Factory implements ConnectorFactory {
        @Override
        public ConnectorSpec spec() {
            var system = new ConnectorSpec.Setting("system", true, false, "The system itself.");
            return new ConnectorSpec("simulated", "Simulated system", List.of(system));
        }

        @Override
        public Connector open(String system, Map<String, Object> settings, ConnectorContext context)
                throws ConnectorException {
            if (settings.get("system") instanceof SimulatedSubject subject) {
                return subject.system.connector(subject.line());
            }
            throw new ConnectorException.Misconfigured("setting system is missing");
        }
    }
}
