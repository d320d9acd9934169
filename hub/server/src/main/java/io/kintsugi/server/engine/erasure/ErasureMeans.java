package io.kintsugi.server.engine.erasure;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.server.engine.shared.LiveModel;
import java.util.function.Function;

/** The strongest thing that the hub can do with a record of a system: delete, archive, or ask a person (DEL-7). */
record ErasureMeans(LiveModel model, Function<String, Catalog> catalogs) {
    /** Of a system that has not answered yet a delete is tried; what comes of it shows. */
    Means of(String system, String stream) {
        boolean writes = model.get().system(system).stream()
                .filter(config -> config.connected())
                .flatMap(config -> config.streams().stream())
                .filter(StreamMapping::write)
                .anyMatch(mapping -> mapping.stream().equals(stream));
        if (!writes) return Means.BY_HAND;
        var catalog = catalogs.apply(system);
        if (catalog == null) return Means.DELETE;
        return catalog.streams().stream()
                .filter(def -> def.name().equals(stream))
                .findFirst()
                .map(def -> def.can().ops())
                .map(ops -> ops.contains(Op.DELETE)
                        ? Means.DELETE
                        : ops.contains(Op.ARCHIVE) ? Means.ARCHIVE : Means.BY_HAND)
                .orElse(Means.BY_HAND);
    }
}
