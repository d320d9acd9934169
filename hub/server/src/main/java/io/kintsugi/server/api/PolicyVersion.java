package io.kintsugi.server.api;

import io.kintsugi.core.store.Journal.Document;
import java.time.Instant;
import java.util.List;

/** That a policy was published. */
record PolicyVersion(long version, Instant at, String by) {
    private static final int MOST = 20;

    /** @param stored newest first */
    static List<PolicyVersion> of(List<Document> stored) {
        return stored.stream()
                .limit(MOST)
                .map(document -> new PolicyVersion(document.version(), document.at(), document.by()))
                .toList();
    }

    /** That an earlier version is to be published once more, as a version of its own, so that nothing is forgotten. */
    record Back(Long version) {
        static Back in(Call call) {
            var back = call.body(Back.class);
            if (back.version() == null) throw Refused.badRequest("version is missing; name the version to go back to");
            return back;
        }

        /** What the version said; version 0 is what held before anything was published. */
        String body(String policy, List<Document> stored) {
            if (version == 0) return "";
            return stored.stream()
                    .filter(document -> document.version() == version)
                    .map(Document::body)
                    .findFirst()
                    .orElseThrow(() -> Refused.notFound(policy + " has no version " + version));
        }
    }
}
