package io.kintsugi.connector.spi;

import java.util.List;

/** Writes association objects between records. */
public interface Linker {
    List<WriteResult> link(String relation, List<LinkOp> ops) throws ConnectorException;

    record LinkOp(String opId, RecordId from, RecordId to, String label, boolean remove) {}
}
