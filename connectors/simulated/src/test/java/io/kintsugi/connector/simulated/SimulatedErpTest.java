package io.kintsugi.connector.simulated;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** CON-2, CON-3: as an ERP is: nothing can be deleted or merged through it, the feed tells each state and never of deletes. */
final class SimulatedErpTest extends ConnectorContract {
    private static final Nature NATURE = new Nature(
            Set.of(Trait.VERSIONS, Trait.CONDITIONAL, Trait.TELLS_STATES),
            SimulatedSubject.FIELDS,
            Duration.ofSeconds(1),
            Duration.ZERO,
            null,
            4,
            Map.of(),
            Set.of());

    @Override
    protected Subject newSubject() {
        return new SimulatedSubject(NATURE);
    }
}
