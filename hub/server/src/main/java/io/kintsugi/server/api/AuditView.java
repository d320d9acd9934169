package io.kintsugi.server.api;

import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.engine.audit.AuditReport;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit found, in numbers.
 *
 * @param rows rows by disposition, over all streams
 * @param inStep share of all values that are as mapping and policy want them
 * @param unlisted findings that are counted and not listed
 */
record AuditView(
        RunView run,
        boolean heal,
        double inStep,
        Map<Disposition, Long> rows,
        List<Stream> streams,
        long findings,
        long unlisted) {
    /** @param heal null for no */
    record Asked(Boolean heal) {}

    /** @param problem why it was not compared; null if it was */
    record Stream(
            String stream, String type, Map<Disposition, Long> rows, List<AttributeView> attributes, String problem) {
        static Stream of(AuditReport.Stream stream) {
            var attributes = stream.attributes().entrySet().stream()
                    .map(entry -> new AttributeView(
                            entry.getKey(), AuditReport.inStep(entry.getValue()), sorted(entry.getValue())))
                    .toList();
            return new Stream(
                    stream.stream(), stream.entityType(), sorted(stream.rows()), attributes, stream.problem());
        }
    }

    record AttributeView(String attribute, double inStep, Map<Disposition, Long> counts) {}

    static AuditView of(RunView run, AuditReport report) {
        var all = new EnumMap<Disposition, Long>(Disposition.class);
        for (var stream : report.streams()) {
            for (var counts : stream.attributes().values()) {
                counts.forEach((what, count) -> all.merge(what, count, Long::sum));
            }
        }
        return new AuditView(
                run,
                report.heal(),
                AuditReport.inStep(all),
                report.rows(),
                report.streams().stream().map(Stream::of).toList(),
                report.findings(),
                report.unlisted());
    }

    private static Map<Disposition, Long> sorted(Map<Disposition, Long> counts) {
        var sorted = new EnumMap<Disposition, Long>(Disposition.class);
        sorted.putAll(counts);
        return sorted;
    }
}
