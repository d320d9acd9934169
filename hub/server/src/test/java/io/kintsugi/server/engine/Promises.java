package io.kintsugi.server.engine;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Breaks each {@link Promise} on purpose and runs the test that must show it. */
final class Promises {
    private Promises() {}

    /** What one test said of the engine with a fault in it. @param shown name of one test that failed; null if none did */
    private record Shown(long tests, long failed, String shown) {}

    private static Shown tryOut(Promise promise) throws IOException {
        var folder = Files.createTempDirectory("promise");
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = Mutants.load(promise.fault(), folder)) {
            thread.setContextClassLoader(loader);
            var listener = new SummaryGeneratingListener();
            var request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass(promise.test())))
                    .build();
            LauncherFactory.create().execute(request, listener);
            var summary = listener.getSummary();
            return new Shown(
                    summary.getTestsFoundCount(),
                    summary.getTestsFailedCount(),
                    summary.getFailures().stream()
                            .findFirst()
                            .map(failure -> failure.getTestIdentifier().getDisplayName())
                            .orElse(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(promise.fault().name(), e);
        } finally {
            thread.setContextClassLoader(before);
            Mutants.delete(folder);
        }
    }

    /** Takes part of a name to try only some; ends with 1 if a fault was not shown. */
    public static void main(String[] args) throws IOException {
        var kept = new ArrayList<String>();
        for (var promise : Promise.ALL) {
            var name = promise.fault().name();
            if (args.length > 0 && !name.contains(args[0])) continue;
            long begin = System.nanoTime();
            var shown = tryOut(promise);
            var test = promise.test().substring(promise.test().lastIndexOf('.') + 1);
            System.out.printf(
                    "%s%n    %s: %d of %d failed%s (%.0f s)%n",
                    name,
                    test,
                    shown.failed(),
                    shown.tests(),
                    shown.shown() == null ? "" : ", such as \"" + shown.shown() + "\"",
                    (System.nanoTime() - begin) / 1e9);
            if (shown.failed() == 0) kept.add(name);
        }
        System.out.println(kept.isEmpty() ? "Every fault was shown." : "NOT SHOWN: " + kept);
        if (!kept.isEmpty()) System.exit(1);
    }
}
