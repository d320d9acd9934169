package io.kintsugi.server.api;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A connected system, without its settings, which may hold secrets. */
record SystemView(
        String id,
        String label,
        String connector,
        String state,
        Instant lastPoll,
        Instant lastChange,
        String problem,
        double pollEverySeconds,
        Double lagSeconds,
        List<RecordCount> records,
        Map<String, Long> outbound) {
    record RecordCount(String system, String type, RecordState state, long records) {}

    /** @param settings names of the settings that are set; never their values */
    record Detail(SystemView system, List<String> settings, List<Mapping> streams, CatalogView catalog) {}

    record Mapping(
            String stream,
            String type,
            boolean write,
            boolean provision,
            String linkKeyField,
            List<StreamMapping.FieldMapping> fields) {
        static Mapping of(StreamMapping mapping) {
            return new Mapping(
                    mapping.stream(),
                    mapping.entityType(),
                    mapping.write(),
                    mapping.provision(),
                    mapping.linkKeyField(),
                    mapping.fields());
        }
    }

    record CatalogView(String fingerprint, List<StreamView> streams) {
        static CatalogView of(Catalog catalog) {
            return new CatalogView(
                    catalog.fingerprint(),
                    catalog.streams().stream().map(StreamView::of).toList());
        }
    }

    record StreamView(String name, String label, List<FieldDef> fields, CapabilitiesView capabilities) {
        static StreamView of(StreamDef stream) {
            return new StreamView(stream.name(), stream.label(), stream.fields(), CapabilitiesView.of(stream.can()));
        }
    }

    record CapabilitiesView(
            List<Capabilities.Op> ops,
            List<Capabilities.Feed> feeds,
            boolean changesSorted,
            int maxBatch,
            boolean batchIsAtomic,
            Double timestampGranularitySeconds,
            Double visibilityLagSeconds,
            Double deletesRetentionSeconds,
            Double changesRetentionSeconds) {
        static CapabilitiesView of(Capabilities can) {
            return new CapabilitiesView(
                    can.ops().stream().sorted().toList(),
                    can.feeds().stream().sorted().toList(),
                    can.changesSorted(),
                    can.maxBatch(),
                    can.batchIsAtomic(),
                    seconds(can.timestampGranularity()),
                    seconds(can.visibilityLag()),
                    seconds(can.deletesRetention()),
                    seconds(can.changesRetention()));
        }
    }

    /** Null stays null. */
    static Double seconds(Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e9;
    }
}
