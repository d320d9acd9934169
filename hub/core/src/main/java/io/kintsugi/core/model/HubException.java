package io.kintsugi.core.model;

/** The hub refuses, and says in a sentence for people what to do. Names ids and attributes, never attribute values. */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final HubErrorCode code;

    public HubException(HubErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public HubException(HubErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public HubErrorCode code() {
        return code;
    }
}
