package io.kintsugi.core.store;

import io.kintsugi.core.model.Run;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the hub must remember about its own work: positions, runs, published documents, answered requests. */
public interface Journal {
    /** Position in a stream that has been processed; empty before the first. The text is the caller's. */
    Optional<String> checkpoint(String system, String stream);

    void saveCheckpoint(String system, String stream, String position, Instant at);

    /** Stores a run whole, new or not. */
    void saveRun(Run run);

    Optional<Run> run(String id);

    /** One page of runs, the one that started last first. */
    Page<Run> runs(String cursor, int limit);

    /** Like {@link #runs}, the other way round. */
    Page<Run> runsOldestFirst(String cursor, int limit);

    /** The published version of a document; empty if there is none. */
    Optional<Document> document(String kind, String name);

    /** All versions of a document that were ever published, the published one first; empty if there is none. */
    List<Document> versions(String kind, String name);

    /** Publishes a body as the next version, from 1 on, unless it equals the published one. Returns what is published then. */
    Document publish(String kind, String name, String body, String by, Instant at);

    /** The published documents of a kind, by name. */
    List<Document> documents(String kind);

    /** Answer given to an earlier request with this key; empty if there was none. */
    Optional<Answer> answer(String idempotencyKey);

    /**
     * Remembers an answer. One that is there for the same request stays, so that doing it again is the same as once; a key that stands
     * for another request is refused with {@code IDEMPOTENCY_KEY_REUSED}.
     */
    void saveAnswer(String idempotencyKey, Answer answer);

    /** Forgets answers given before an instant. */
    void forgetAnswers(Instant before);

    /** @param body YAML */
    record Document(String kind, String name, long version, String body, String by, Instant at) {}

    /** @param request hash of method, path and body, so that a key cannot stand for two requests */
    record Answer(String request, int status, String contentType, String body, Instant at) {}
}
