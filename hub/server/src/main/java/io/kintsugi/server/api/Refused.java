package io.kintsugi.server.api;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordState;

/** The API refuses a request, with more to say than a {@link HubException} can. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ProblemType type;
    private final transient Object current;
    private final RecordState recordState;

    private Refused(ProblemType type, String detail, Throwable cause, Object current, RecordState recordState) {
        super(detail, cause);
        this.type = type;
        this.current = current;
        this.recordState = recordState;
    }

    Refused(ProblemType type, String detail) {
        this(type, detail, null, null, null);
    }

    static Refused badRequest(String detail) {
        return new Refused(ProblemType.BAD_REQUEST, detail);
    }

    static Refused notFound(String detail) {
        return new Refused(ProblemType.NOT_FOUND, detail);
    }

    /** A record has no golden; its state says why. */
    static Refused noGolden(String detail, RecordState state) {
        return new Refused(ProblemType.NOT_FOUND, detail, null, null, state);
    }

    /** @param current what is there now, as its GET shows it */
    static Refused conflict(HubException cause, Object current) {
        return new Refused(ProblemType.of(cause.code()), cause.getMessage(), cause, current, null);
    }

    ProblemType type() {
        return type;
    }

    Object current() {
        return current;
    }

    RecordState recordState() {
        return recordState;
    }
}
