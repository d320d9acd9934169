package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import java.util.Locale;

/** Every kind of refusal the API can give: those of the hub under the same names, and those of HTTP itself. */
enum ProblemType {
    BAD_REQUEST(400, "Bad request", "Correct the request; the contract is at /docs."),
    FORBIDDEN(403, "Forbidden", "Use the hub on its own machine, from its own page or from a program."),
    NOT_FOUND(404, "Not found", "Check the id, or look it up in the list."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "Use one of the methods in the Allow header."),
    NOT_ACCEPTABLE(406, "Not acceptable", "Send the Accept header that the detail names."),
    REVISION_CONFLICT(409, "Changed meanwhile", "Look at what is there now and decide again."),
    NOT_POSSIBLE(409, "Not possible now", "Look at the present state; it does not allow this."),
    GONE(410, "Erased", "Nothing is kept of it; the erasure that the detail names says what was done."),
    TOO_LARGE(413, "Too large", "Send at most 1 MiB."),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", "Send JSON with Content-Type: application/json."),
    IDEMPOTENCY_KEY_REUSED(422, "Idempotency key used before", "Use a new Idempotency-Key for another request."),
    UNPROCESSABLE(422, "Cannot be processed", "Correct what the detail names."),
    PRECONDITION_REQUIRED(428, "Revision required", "Load the thing first and send the revision that was shown."),
    TOO_MANY_REQUESTS(429, "Too many requests", "Wait for what is under way, then try again."),
    BAD_CONFIGURATION(500, "Configuration needs mending", "Correct the configuration that the detail names."),
    INTERNAL(
            500,
            "Something failed in the hub",
            "Try again; if it fails again, look for the request id in the hub's log."),
    UNAVAILABLE(503, "Not available now", "Try again in a while; nothing was lost.");

    private final int status;
    private final String title;
    private final String fix;

    ProblemType(int status, String title, String fix) {
        this.status = status;
        this.title = title;
        this.fix = fix;
    }

    static ProblemType of(HubErrorCode code) {
        return valueOf(code.name());
    }

    /** The type that stands for an HTTP status. */
    static ProblemType ofStatus(int status) {
        for (var type : values()) if (type.status == status) return type;
        return status < 500 ? BAD_REQUEST : INTERNAL;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String fix() {
        return fix;
    }

    String urn() {
        return "urn:kintsugi:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
