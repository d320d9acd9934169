package io.kintsugi.connector.simulated;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** CON-2, CON-3: as a CRM is: versions, conditional writes, a native merge that keeps the winner, a log of deletes and merges. */
final class SimulatedCrmTest extends ConnectorContract {
    private static final Nature NATURE = new Nature(
                    Set.of(
                            Trait.VERSIONS,
                            Trait.CONDITIONAL,
                            Trait.LINK_KEY,
                            Trait.DELETES,
                            Trait.UNDELETES,
                            Trait.UNDELETES_LOSERS,
                            Trait.TELLS_DELETES,
                            Trait.MERGES_KEEPING_ID,
                            Trait.TELLS_MERGES,
                            Trait.TELLS_RECORD),
                    SimulatedSubject.FIELDS,
                    Duration.ofMillis(1),
                    Duration.ofSeconds(5),
                    Duration.ofDays(3),
                    100,
                    Map.of(),
                    Set.of())
            .keeping(Duration.ofDays(15))
            .merging(2);

    @Override
    protected Subject newSubject() {
        return new SimulatedSubject(NATURE);
    }
}
