package io.kintsugi.connector.spi;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Strong reads: what they return is what the system holds now, never an index that lags behind. */
public interface Lookups {
    /** @return an answer for every id asked, by that id */
    Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException;

    /** @return the records that hold each value in {@code keyField}; values without a record map to an empty list */
    Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException;
}
