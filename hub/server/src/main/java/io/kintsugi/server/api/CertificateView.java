package io.kintsugi.server.api;

import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.recovery.Certificate;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a recovery did: {@link Certificate}, with what follows from it.
 *
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
        var met = new TreeSet<String>();
        certificate.conflicts().forEach(conflict -> met.add(conflict.goldenId()));
        var labels = new TreeMap<String, String>();
        tx.goldens().find(met).forEach((id, golden) -> labels.put(id, golden.label()));
        return new CertificateView(
                certificate.run(),
                certificate.cause(),
                certificate.begun(),
                certificate.opened(),
                certificate.resolved(),
                certificate.ended(),
                certificate.systems(),
                certificate.conflicts(),
                certificate.conflictCount(),
                labels,
                certificate.questions(),
                certificate.equality().stream().map(EqualityView::of).toList());
    }
}
