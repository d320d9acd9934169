package io.kintsugi.core.model;

/** Kinds of refusal. The code decides the HTTP status and whether trying again can help. */
public enum HubErrorCode {
    BAD_REQUEST(400),
    FORBIDDEN(403),
    NOT_FOUND(404),
    /** Somebody changed it meanwhile; reload and retry. */
    REVISION_CONFLICT(409),
    /** The state does not allow it. */
    NOT_POSSIBLE(409),
    IDEMPOTENCY_KEY_REUSED(422),
    /** It was erased and never comes back. */
    GONE(410),
    UNPROCESSABLE(422),
    PRECONDITION_REQUIRED(428),
    BAD_CONFIGURATION(500),
    INTERNAL(500),
    /** The graph or a system does not answer; trying later can help. */
    UNAVAILABLE(503);

    private final int httpStatus;

    HubErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }
}
