package io.kintsugi.connector.spi;

import java.util.List;
import java.util.Map;

/**
 * Outcome of a connection test.
 *
 * @param ok whether the system can be used as configured
 * @param problems sentences that say what is wrong and how to mend it; empty if ok
 * @param facts what was found, for example the server version or the clock skew
 */
public record CheckReport(boolean ok, List<String> problems, Map<String, String> facts) {
    public CheckReport {
        problems = List.copyOf(problems);
        facts = Map.copyOf(facts);
    }
}
