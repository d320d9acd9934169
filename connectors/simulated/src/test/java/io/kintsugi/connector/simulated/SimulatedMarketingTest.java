package io.kintsugi.connector.simulated;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** CON-2, CON-3: as a marketing tool is: merging gives a new id, the feed only hints and lags, every write counts as a change. */
final class SimulatedMarketingTest extends ConnectorContract {
    private static final Nature NATURE = new Nature(
            Set.of(
                    Trait.LINK_KEY,
                    Trait.DELETES,
                    Trait.TELLS_DELETES,
                    Trait.MERGES_MINTING_ID,
                    Trait.TELLS_MERGES,
                    Trait.HINTS,
                    Trait.BUMPS_UNCHANGED),
            SimulatedSubject.FIELDS,
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofDays(30),
            20,
            Map.of(),
            Set.of());

    @Override
    protected Subject newSubject() {
        return new SimulatedSubject(NATURE);
    }
}
