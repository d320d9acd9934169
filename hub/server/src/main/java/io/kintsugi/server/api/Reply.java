package io.kintsugi.server.api;

/**
 * An answer.
 *
 * @param revision shown as ETag; null if the answer has none
 */
record Reply(int status, Object body, Long revision) {
    static Reply ok(Object body) {
        return new Reply(200, body, null);
    }

    static Reply ok(Object body, long revision) {
        return new Reply(200, body, revision);
    }

    static Reply accepted(Object body) {
        return new Reply(202, body, null);
    }
}
