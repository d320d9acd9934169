package io.kintsugi.server.api;

import io.kintsugi.core.model.RecordState;

/** An error as a client sees it (RFC 9457). */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String fix,
        String requestId,
        Object current,
        RecordState recordState) {
    static Problem of(ProblemType type, String detail, String requestId) {
        return new Problem(
                type.urn(), type.title(), type.status(), detail, type.name(), type.fix(), requestId, null, null);
    }

    static Problem of(Refused refused, String requestId) {
        var type = refused.type();
        return new Problem(
                type.urn(),
                type.title(),
                type.status(),
                refused.getMessage(),
                type.name(),
                type.fix(),
                requestId,
                refused.current(),
                refused.recordState());
    }
}
