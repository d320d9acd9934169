package io.kintsugi.connector.spi;

import java.util.List;

/** Writes association objects between records. */
public interface Linker {
    /** @return exactly one result per op, matched by op id */
    List<WriteResult> link(String relation, List<LinkOp> ops) throws ConnectorException;

    /**
     * One association to write.
     *
     * @param label kind of association; null if the relation has only one
     * @param remove whether to take it away
     */
    record LinkOp(String opId, RecordId from, RecordId to, String label, boolean remove) {}
}
