package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * Brings records into standard form while more are read: other processors take the batches as long as one of them is idle, and who
 * reads does the rest. For one caller.
 */
final class Standardising {
    private final Matcher matcher;
    private final List<Profile> profiles;
    private final Queue<ForkJoinTask<List<Profile>>> batches = new ArrayDeque<>(); // not among the profiles yet
    private final int others = Runtime.getRuntime().availableProcessors() - 1;

    /** @param profiles takes the records in their order */
    Standardising(Matcher matcher, List<Profile> profiles) {
        this.matcher = matcher;
        this.profiles = profiles;
    }

    /** @param batch not to be changed any more */
    void add(List<Map.Entry<RecordKey, Map<String, String>>> batch) {
        while (!batches.isEmpty() && batches.peek().isDone()) take();
        var task = ForkJoinTask.adapt(() -> batch.stream()
                .map(record -> matcher.profile(record.getKey(), record.getValue()))
                .toList());
        boolean idle = batches.size() < others;
        batches.add(task);
        if (idle) ForkJoinPool.commonPool().execute(task);
        else task.invoke();
    }

    /** Waits until the profiles hold all records. */
    void finish() {
        while (!batches.isEmpty()) take();
    }

    private void take() {
        profiles.addAll(batches.remove().join());
    }
}
