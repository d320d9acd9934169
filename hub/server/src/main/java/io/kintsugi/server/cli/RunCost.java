package io.kintsugi.server.cli;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a run of the match command took so far.
 *
 * @param heap bytes at most
 * @param resident bytes of the process at most; empty where the system does not say
 */
record RunCost(int records, double seconds, long heap, OptionalLong resident) {
    /** @param start from {@link System#nanoTime} */
    static RunCost since(long start, int records) {
        return new RunCost(
                records,
                (System.nanoTime() - start) / 1e9,
                PeakMemory.heap(),
                PeakMemory.resident(ProcessHandle.current().pid()));
    }

    double recordsPerSecond() {
        return records / seconds;
    }

    @Override
    public String toString() {
        var process = resident.isEmpty()
                ? ""
                : String.format(Locale.ROOT, ", %,d MB of memory in all", resident.getAsLong() >> 20);
        return String.format(
                Locale.ROOT,
                "%.1f s, %,.0f records/s; at most %,d MB of heap%s",
                seconds,
                recordsPerSecond(),
                heap >> 20,
                process);
    }
}
