package io.kintsugi.connector.spi;

import java.util.List;
import java.util.Map;

/** Brings deleted records back. */
public interface Restorer {
    /** @param idsByOp op id → id of the deleted record */
    List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException;
}
