package io.kintsugi.server.api;

import io.kintsugi.server.engine.recovery.Certificate;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** What a recovery did: {@link Certificate}, with what follows from it. */
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

    static CertificateView of(Certificate certificate) {
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
                certificate.questions(),
                certificate.equality().stream().map(EqualityView::of).toList());
    }
}
