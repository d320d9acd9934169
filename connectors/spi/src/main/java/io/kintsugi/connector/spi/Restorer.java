package io.kintsugi.connector.spi;

import java.util.List;
import java.util.Map;

/** Brings deleted records back, each under the id it had. */
public interface Restorer {
    /**
     * Brings records back. The engine asks for nothing new as long as it is not told for good that a record cannot come back, so
     * what is not known is {@link WriteResult.Ambiguous}, and only a record that the system does not have any more is refused with
     * {@code NOT_FOUND}, {@code DELETED} or {@code MERGED_AWAY}. One that is there already may be answered either way.
     *
     * @param idsByOp op id → id of the deleted record, or of one that was merged away where a merge is
     *     {@linkplain Capabilities.MergeRules#reversible reversible}
     * @return exactly one result per op; the id of one that is applied is that which was asked for: a system that would give another
     *     does not declare {@link Capabilities.Op#UNDELETE}
     */
    List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException;
}
