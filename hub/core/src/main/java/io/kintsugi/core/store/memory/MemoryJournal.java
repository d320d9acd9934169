package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.store.Journal;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class MemoryJournal implements Journal {
    private static final Pages<Run> NEWEST_FIRST = Pages.newestFirst(Run::startedAt, Run::id);

    /** Two words as one key. */
    private record Pair(String first, String second) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int order = first.compareTo(other.first);
            return order != 0 ? order : second.compareTo(other.second);
        }
    }

    private final Ledger ledger;
    private final Table<Pair, String> checkpoints;
    private final Table<String, Run> runs;
    private final Table<Pair, Document> documents;
    private final Table<Pair, List<Document>> formerly;
    private final Table<String, Answer> answers;

    MemoryJournal(Ledger ledger) {
        this.ledger = ledger;
        checkpoints = new Table<>(ledger);
        runs = new Table<>(ledger);
        documents = new Table<>(ledger);
        formerly = new Table<>(ledger);
        answers = new Table<>(ledger);
    }

    @Override
    public Optional<String> checkpoint(String system, String stream) {
        return Optional.ofNullable(checkpoints.get(new Pair(system, stream)));
    }

    @Override
    public void saveCheckpoint(String system, String stream, String position, Instant at) {
        checkpoints.put(new Pair(system, stream), position);
    }

    @Override
    public void saveRun(Run run) {
        runs.put(run.id(), run);
    }

    @Override
    public Optional<Run> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    @Override
    public Page<Run> runs(String cursor, int limit) {
        return NEWEST_FIRST.cut(runs.all().values(), cursor, limit);
    }

    @Override
    public Page<Run> runsOldestFirst(String cursor, int limit) {
        return NEWEST_FIRST.turned().cut(runs.all().values(), cursor, limit);
    }

    @Override
    public Optional<Document> document(String kind, String name) {
        return Optional.ofNullable(documents.get(new Pair(kind, name)));
    }

    @Override
    public Document publish(String kind, String name, String body, String by, Instant at) {
        ledger.requireWriting();
        var key = new Pair(kind, name);
        var published = documents.get(key);
        if (published != null && published.body().equals(body)) return published;
        var next = new Document(kind, name, published == null ? 1 : published.version() + 1, body, by, at);
        documents.put(key, next);
        var all = new ArrayList<Document>();
        all.add(next);
        all.addAll(versions(kind, name));
        formerly.put(key, List.copyOf(all));
        return next;
    }

    @Override
    public List<Document> versions(String kind, String name) {
        var all = formerly.get(new Pair(kind, name));
        return all == null ? List.of() : all;
    }

    @Override
    public List<Document> documents(String kind) {
        return documents.all().values().stream()
                .filter(document -> document.kind().equals(kind))
                .toList();
    }

    @Override
    public Optional<Answer> answer(String idempotencyKey) {
        return Optional.ofNullable(answers.get(idempotencyKey));
    }

    @Override
    public void saveAnswer(String idempotencyKey, Answer answer) {
        ledger.requireWriting();
        var known = answers.get(idempotencyKey);
        if (known != null && known.request().equals(answer.request())) return;
        if (known != null) {
            throw new HubException(
                    HubErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "the idempotency key " + idempotencyKey
                            + " stands for another request; use a new key for a new request");
        }
        answers.put(idempotencyKey, answer);
    }

    @Override
    public void forgetAnswers(Instant before) {
        ledger.requireWriting();
        for (var entry : new ArrayList<>(answers.all().entrySet())) {
            if (entry.getValue().at().isBefore(before)) answers.remove(entry.getKey());
        }
    }

    /** Forgets answers that hold one of the texts; how many there were. */
    long removeAnswers(Collection<String> texts) {
        var gone = answers.all().entrySet().stream()
                .filter(entry ->
                        texts.stream().anyMatch(String.valueOf(entry.getValue().body())::contains))
                .map(java.util.Map.Entry::getKey)
                .toList();
        gone.forEach(answers::remove);
        return gone.size();
    }

    @Override
    public String toString() {
        return "journal " + checkpoints + runs + documents + answers;
    }
}
