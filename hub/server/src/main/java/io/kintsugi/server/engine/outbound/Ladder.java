package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.policy.StreamMapping;

/** What a stream offers for a delete. */
public final class Ladder {
    private Ladder() {}

    /** @param description as the hub sees it: a stream whose records are marked is one that archives them */
    public static Means means(StreamMapping stream, StreamDef description) {
        var can = description.can().ops();
        boolean archives = can.contains(Op.ARCHIVE);
        return DeletePlan.means(can.contains(Op.DELETE), archives && stream.whenDeleted() != null, archives);
    }
}
