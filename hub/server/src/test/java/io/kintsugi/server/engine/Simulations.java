package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs many histories. {@code main} takes the first seed, how many, and the number of steps of each; {@code neo4j} after them lives each on
 * a real graph too and compares.
 */
final class Simulations {
    private Simulations() {}

    /**
     * @param cpuSeconds of the threads that lived the histories, without what the virtual machine did meanwhile
     * @param violations by seed
     * @param digest of every write that took effect, and when: equal for equal histories
     */
    record Report(
            long seeds,
            double seconds,
            double cpuSeconds,
            TreeMap<Long, List<String>> violations,
            String counts,
            String digest) {}

    static History run(long seed, List<Scenario.Step> steps, boolean tracing) {
        return run(seed, steps, new MemoryHubStore(), tracing);
    }

    static History run(long seed, List<Scenario.Step> steps, HubStore store, boolean tracing) {
        var history = new History(seed, steps, store, tracing);
        try {
            history.live();
        } catch (RuntimeException | Error e) {
            var at = e.getStackTrace();
            history.violate("EXCEPTION", e + (at.length > 0 ? " at " + at[0] : ""));
            if (tracing) e.printStackTrace();
        }
        return history;
    }

    /** How many seeds it takes to violate something; 0 if {@code most} are not enough. */
    static long seedsUntilViolation(long first, long most, int steps) {
        for (long seed = first; seed < first + most; seed++) {
            if (!run(seed, Scenario.draw(seed, steps), false).violations.isEmpty()) return seed - first + 1;
        }
        return 0;
    }

    /** The shortest history found, by leaving out ever smaller parts, that still violates something of this kind. */
    static List<Scenario.Step> shrink(long seed, List<Scenario.Step> steps, String kind) {
        var shortest = steps;
        for (int size = steps.size() / 2; size > 0; size = Math.min(size, shortest.size()) / 2) {
            for (int from = 0; from < shortest.size(); ) {
                var fewer = new ArrayList<>(shortest.subList(0, from));
                fewer.addAll(shortest.subList(Math.min(from + size, shortest.size()), shortest.size()));
                boolean still = run(seed, fewer, false).violations.stream().anyMatch(v -> v.startsWith(kind));
                if (still) shortest = fewer;
                else from += size;
            }
        }
        return shortest;
    }

    static Report run(long first, long count, int steps, int threads, int stopAfter) {
        var next = new AtomicLong(first);
        var violations = new TreeMap<Long, List<String>>();
        var edits = new LongAdder();
        var writes = new LongAdder();
        var kills = new LongAdder();
        var races = new LongAdder();
        var asked = new LongAdder();
        var merges = new LongAdder();
        var done = new LongAdder();
        var digest = new LongAdder();
        var cpu = new LongAdder();
        long begin = System.nanoTime();
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            var worker = new Thread(() -> {
                for (long seed; (seed = next.getAndIncrement()) < first + count; ) {
                    synchronized (violations) {
                        if (violations.size() >= stopAfter) return;
                    }
                    var history = run(seed, Scenario.draw(seed, steps), false);
                    done.increment();
                    edits.add(history.edits);
                    writes.add(history.effects.size());
                    kills.add(history.kills);
                    races.add(history.raceLost);
                    asked.add(history.askedAPerson);
                    merges.add(history.merges);
                    digest.add((seed * 31 + history.effects.hashCode()) * 0x9E3779B97F4A7C15L);
                    if (!history.violations.isEmpty()) {
                        synchronized (violations) {
                            violations.put(seed, history.violations);
                        }
                    }
                }
                cpu.add(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
            });
            workers.add(worker);
            worker.start();
        }
        try {
            for (var worker : workers) worker.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Report(
                done.sum(),
                seconds,
                cpu.sum() / 1e9,
                violations,
                "edits " + edits + ", writes " + writes + ", kills " + kills + ", merges " + merges
                        + ", edits lost where a system cannot compare " + races + ", asked a person " + asked,
                Long.toHexString(digest.sum()));
    }

    public static void main(String[] args) {
        if (args.length < 3) {
            System.out.println(
                    "Arguments: FIRST-SEED HISTORIES STEPS [STOP-AFTER | neo4j | trace [KIND-OF-VIOLATION]]");
            return;
        }
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        int steps = Integer.parseInt(args[2]);
        if (args.length > 3 && args[3].equals("neo4j")) {
            GraphHistories.run(first, count, steps, args.length > 4 && args[4].equals("trace"));
            return;
        }
        if (args.length > 3 && args[3].equals("trace")) {
            var drawn = Scenario.draw(first, steps);
            if (args.length > 4) drawn = shrink(first, drawn, args[4]);
            var history = run(first, drawn, true);
            System.out.println(history.trace());
            history.systems.values().forEach(s -> System.out.println(s.id() + " " + s.nature()));
            System.out.println(history.violations);
            return;
        }
        var report = run(first, count, steps, 2, args.length > 3 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE);
        var kinds = new TreeMap<String, List<Long>>();
        report.violations().forEach((seed, list) -> list.stream()
                .map(text -> text.substring(0, text.indexOf(':')))
                .distinct()
                .forEach(kind ->
                        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(seed)));
        System.out.printf(
                "%d histories in %.1f s, %.0f a minute, %.1f in a second of CPU time; %d with violations; %s; digest %s%n",
                report.seeds(),
                report.seconds(),
                report.seeds() / report.seconds() * 60,
                report.seeds() / report.cpuSeconds(),
                report.violations().size(),
                report.counts(),
                report.digest());
        kinds.forEach((kind, seeds) -> System.out.println(
                "  " + kind + ": " + seeds.size() + ", first " + seeds.subList(0, Math.min(5, seeds.size()))));
    }
}
