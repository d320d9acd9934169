package io.kintsugi.server.api;

import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a recovery did: {@link Certificate}, with what follows from it.
 *
 * @param conflicts the first ones
 * @param labels what the golden records of the conflicts are called now, by id
 */
record CertificateView(
        String run,
        String cause,
        Instant begun,
        Instant opened,
        boolean resolved,
        Instant ended,
        List<Certificate.SystemPart> systems,
        List<Certificate.Conflict> conflicts,
        long conflictCount,
        SortedMap<String, String> labels,
        SortedMap<String, Long> questions,
        List<EqualityView> equality) {
    private static final int MOST = 1000;

    record EqualityView(
            String system, String type, long records, boolean equal, String holds, String should, long differing) {
        static EqualityView of(Certificate.Equality equality) {
            return new EqualityView(
                    equality.system(),
                    equality.entityType(),
                    equality.records(),
                    equality.equal(),
                    equality.holds(),
                    equality.should(),
                    equality.differing());
        }
    }

    static CertificateView of(HubTransaction tx, Certificate certificate) {
        var first = ConflictJournal.page(tx, certificate, null, MOST, false).items();
        return new CertificateView(
                certificate.run(),
                certificate.cause(),
                certificate.begun(),
                certificate.opened(),
                certificate.resolved(),
                certificate.ended(),
                certificate.systems(),
                first,
                certificate.conflictCount(),
                labels(tx, first),
                certificate.questions(),
                certificate.equality().stream().map(EqualityView::of).toList());
    }

    /** What the golden records of conflicts are called now, by id. */
    static TreeMap<String, String> labels(HubTransaction tx, List<Certificate.Conflict> conflicts) {
        var met = new TreeSet<String>();
        conflicts.forEach(conflict -> met.add(conflict.goldenId()));
        var labels = new TreeMap<String, String>();
        tx.goldens().find(met).forEach((id, golden) -> labels.put(id, golden.label()));
        return labels;
    }
}
