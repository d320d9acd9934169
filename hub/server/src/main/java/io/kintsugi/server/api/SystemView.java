package io.kintsugi.server.api;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A connected system, without its settings, which may hold secrets.
 *
 * @param waiting number of outbound changes that are due or under way, by their cause
 * @param overdue null if the outcome of no write is unknown for too long
 * @param firstSync null if it may be written to without approval
 */
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
        Map<String, Long> outbound,
        Map<Cause, Long> waiting,
        Overdue overdue,
        FirstSyncs.Standing firstSync,
        List<String> undeletes) {
    record Overdue(long changes, Instant oldestSentAt) {}

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

    record StreamView(
            String name,
            String label,
            List<FieldDef> fields,
            List<StreamDef.RelationDef> relations,
            StreamDef.IdRules ids,
            CapabilitiesView capabilities) {
        static StreamView of(StreamDef stream) {
            return new StreamView(
                    stream.name(),
                    stream.label(),
                    stream.fields(),
                    stream.relations(),
                    stream.ids(),
                    CapabilitiesView.of(stream.can()));
        }
    }

    /** The manifest of a stream: {@link Capabilities} with durations in seconds and sets in order. */
    record CapabilitiesView(
            List<Capabilities.Op> ops,
            List<Capabilities.Feed> feeds,
            Reading reading,
            Writing writing,
            List<Quota> quotas,
            Capabilities.MergeRules merge) {
        record Reading(
                Cursor cursor,
                DeleteFeed deletes,
                Double pushRetentionSeconds,
                double visibilityLagSeconds,
                int maxPage) {}

        record Cursor(
                Capabilities.Cursor.Kind kind, double precisionSeconds, boolean sorted, Double retentionSeconds) {}

        record DeleteFeed(Capabilities.DeleteFeed.Source source, double delaySeconds, Double retentionSeconds) {}

        record Writing(int maxBatch, boolean atomic, List<String> linkKeys) {}

        record Quota(String bucket, Integer units, Double windowSeconds, Integer concurrency) {}

        static CapabilitiesView of(Capabilities can) {
            var writing = can.writing();
            return new CapabilitiesView(
                    can.ops().stream().sorted().toList(),
                    can.feeds().stream().sorted().toList(),
                    of(can.reading()),
                    new Writing(
                            writing.maxBatch(),
                            writing.atomic(),
                            writing.linkKeys().stream().sorted().toList()),
                    can.quotas().stream()
                            .map(q -> new Quota(q.bucket(), q.units(), seconds(q.window()), q.concurrency()))
                            .toList(),
                    can.merge());
        }

        private static Reading of(Capabilities.Reading reading) {
            var cursor = reading.cursor();
            var deletes = reading.deletes();
            return new Reading(
                    cursor == null
                            ? null
                            : new Cursor(
                                    cursor.kind(),
                                    seconds(cursor.precision()),
                                    cursor.sorted(),
                                    seconds(cursor.retention())),
                    deletes == null
                            ? null
                            : new DeleteFeed(deletes.source(), seconds(deletes.delay()), seconds(deletes.retention())),
                    seconds(reading.pushRetention()),
                    seconds(reading.visibilityLag()),
                    reading.maxPage());
        }
    }

    /** Null stays null. */
    static Double seconds(Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e9;
    }
}
