package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

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

    /**
     * Versions that had been published at an instant, newest first; empty if what holds without any was in force.
     *
     * @throws Refused with {@code NOT_FOUND} if the hub had no policies yet
     */
    static List<Document> until(HubTransaction tx, String kind, String type, Instant at) {
        tx.journal().versions("entity", type).stream()
                .map(Document::at)
                .reduce((later, earlier) -> earlier)
                .filter(begin -> begin.isAfter(at))
                .ifPresent(begin -> {
                    throw Refused.notFound(
                            "the hub had no policies at " + at + "; it knows the type " + type + " since " + begin);
                });
        return tx.journal().versions(kind, type).stream()
                .filter(document -> !document.at().isAfter(at))
                .toList();
    }

    /**
     * What was in force.
     *
     * @param now what is
     * @param until versions of {@link #until}
     * @param reader of a version and its body
     * @throws Refused with {@code UNPROCESSABLE} if it was written for another build
     */
    static <T> T inForce(T now, long version, List<Document> until, BiFunction<Long, String, T> reader) {
        long then = until.isEmpty() ? 0 : until.get(0).version();
        if (then == version) return now;
        try {
            return reader.apply(then, until.isEmpty() ? "" : until.get(0).body());
        } catch (HubException e) {
            if (e.code() != HubErrorCode.BAD_CONFIGURATION) throw e;
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    "version " + then + ", which was in force, cannot be read by this program: " + e.getMessage(),
                    e);
        }
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
