package io.kintsugi.connector.spi;

import java.util.List;
import java.util.Map;

/** Brings deleted records back. */
public interface Restorer {
    /**
     * Brings records back.
     *
     * @param idsByOp op id → id of the deleted record
     * @return exactly one result per op; a system that gives a new id says so in {@link WriteResult.Applied#id()}
     */
    List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException;
}
