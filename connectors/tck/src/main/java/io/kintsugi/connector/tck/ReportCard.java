package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes what a connector declared and what it kept of it to {@code target/connector-report/<test class>.md}. */
final class ReportCard implements TestWatcher, InvocationInterceptor, BeforeTestExecutionCallback, AfterAllCallback {
    private static final Namespace SELF = Namespace.create(ReportCard.class);

    /** What CON-2 asks of a suite, by the tag of the tests that show it. */
    private static final Map<String, String> ASPECTS = new LinkedHashMap<>();

    static {
        ASPECTS.put("boundary-cursor", "Boundary cursor");
        ASPECTS.put("duplicate-delivery", "Duplicate delivery");
        ASPECTS.put("reorder", "Reorder");
        ASPECTS.put("rate-limit", "Too many calls (429)");
        ASPECTS.put("partial-batch", "Partial batch");
        ASPECTS.put("lost-delete", "Lost delete");
        ASPECTS.put("merge", "Merge");
        ASPECTS.put("schema-change", "Schema change");
    }

    private record Line(String promise, String tags, String outcome) {}

    private static final class Card {
        private final Map<String, List<Line>> lines = new TreeMap<>();
        private String declared = "";
    }

    private static boolean isOutermost(ExtensionContext context) {
        return context.getParent().flatMap(ExtensionContext::getTestClass).isEmpty();
    }

    private static Card card(ExtensionContext context) {
        ExtensionContext outermost = context;
        while (!isOutermost(outermost)) outermost = outermost.getParent().orElseThrow();
        return outermost.getStore(SELF).getOrComputeIfAbsent(Card.class, key -> new Card(), Card.class);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) throws ConnectorException {
        Card card = card(context);
        if (card.declared.isEmpty() && context.getRequiredTestInstance() instanceof Contract contract)
            card.declared = describe(contract.subject.factory().spec(), contract.subject.stream(), contract.can());
    }

    /** What does not apply to any test of a part is said before each of them. */
    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> before, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(before, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(test, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(test, context);
    }

    private static void run(Invocation<Void> test, ExtensionContext context) throws Throwable {
        if (context.getStore(SELF).get("outcome") != null) {
            test.skip();
            return;
        }
        try {
            test.proceed();
        } catch (Contract.NotApplicable e) {
            context.getStore(SELF).put("outcome", e.getMessage());
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        add(context, context.getStore(SELF).getOrDefault("outcome", String.class, "kept"));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        add(context, "**broken**: " + message.strip().lines().findFirst().orElse(""));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        add(
                context,
                "not applicable: left out by the connector"
                        + reason.map(each -> ", " + each).orElse(""));
    }

    private static void add(ExtensionContext context, String outcome) {
        String test = words(context.getRequiredTestMethod().getName());
        String shown = context.getDisplayName();
        String promise = shown.startsWith("seed") ? test + ", " + shown : test;
        String tags = context.getTags().stream().sorted().collect(Collectors.joining(", "));
        card(context)
                .lines
                .computeIfAbsent(words(context.getRequiredTestClass().getSimpleName()), key -> new ArrayList<>())
                .add(new Line(promise, tags, outcome.replace("|", "\\|")));
    }

    private static String words(String name) {
        String spaced = name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .toLowerCase(Locale.ROOT);
        return spaced.substring(0, 1).toUpperCase(Locale.ROOT) + spaced.substring(1);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (!isOutermost(context)) return;
        Card card = card(context);
        List<Line> all = card.lines.values().stream().flatMap(List::stream).toList();
        if (all.isEmpty()) return;
        StringBuilder text = new StringBuilder(card.declared);
        text.append("\nKept ")
                .append(count(all, "kept"))
                .append(", not applicable ")
                .append(count(all, "not applicable"));
        text.append(", not shown ").append(count(all, "not shown"));
        text.append(", broken ").append(count(all, "**broken")).append(".\n");
        text.append("\n| CON-2 | Outcome |\n|---|---|\n");
        ASPECTS.forEach((tag, name) -> text.append("| %s | %s |%n".formatted(name, summary(all, tag))));
        card.lines.forEach((part, lines) -> {
            lines.sort(Comparator.comparing(Line::promise));
            text.append("\n## ").append(part).append("\n\n| Promise | Id | Outcome |\n|---|---|---|\n");
            for (Line line : lines) text.append("| %s | %s | %s |%n".formatted(line.promise, line.tags, line.outcome));
        });
        Path folder = Files.createDirectories(Path.of("target", "connector-report"));
        Files.writeString(folder.resolve(context.getRequiredTestClass().getSimpleName() + ".md"), text);
    }

    private static String summary(List<Line> all, String tag) {
        List<Line> lines = all.stream()
                .filter(line -> List.of(line.tags.split(", ")).contains(tag))
                .toList();
        long broken = count(lines, "**broken");
        if (broken > 0) return "**broken** in " + broken + " of " + lines.size() + " tests";
        long kept = count(lines, "kept");
        String rest = lines.stream()
                .map(Line::outcome)
                .filter(outcome -> outcome.startsWith("not"))
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
        String shown = kept == 0 ? "" : "kept in " + kept + " tests";
        return shown.isEmpty() || rest.isEmpty() ? shown + rest : shown + "; " + rest;
    }

    private static long count(List<Line> lines, String start) {
        return lines.stream().filter(line -> line.outcome.startsWith(start)).count();
    }

    private static String describe(ConnectorSpec spec, String stream, Capabilities can) {
        return """
                # Report card: %s (%s)

                Stream `%s` declares:

                | Capability | Value |
                |---|---|
                | operations | %s |
                | feeds | %s |
                | change feed by | %s |
                | deletes known from | %s |
                | pushes repeated for | %s |
                | visibility lag | %s |
                | largest page | %s |
                | largest batch | %d, %s |
                | link keys | %s |
                | quotas | %s |
                | native merge | %s |
                """.formatted(
                spec.label(),
                spec.type(),
                stream,
                can.ops().stream().map(Enum::name).sorted().collect(Collectors.joining(", ")),
                can.feeds().stream().map(Enum::name).sorted().collect(Collectors.joining(", ")),
                cursor(can.reading().cursor()),
                deletes(can.reading().deletes()),
                can.reading().pushRetention() == null ? "none" : can.reading().pushRetention(),
                can.reading().visibilityLag(),
                can.reading().maxPage() == Integer.MAX_VALUE
                        ? "as asked"
                        : can.reading().maxPage(),
                can.writing().maxBatch(),
                can.writing().atomic() ? "atomic" : "op by op",
                can.writing().linkKeys().stream().sorted().collect(Collectors.joining(", ")),
                can.quotas().isEmpty() ? "none" : can.quotas(),
                can.merge() == null ? "none" : can.merge());
    }

    private static String cursor(Capabilities.Cursor cursor) {
        return cursor == null
                ? "none"
                : "%s, times to %s, %s, kept %s"
                        .formatted(
                                cursor.kind(),
                                cursor.precision().isZero() ? "nothing" : cursor.precision(),
                                cursor.sorted() ? "in order" : "in any order",
                                kept(cursor.retention()));
    }

    private static String deletes(Capabilities.DeleteFeed deletes) {
        return deletes == null
                ? "nothing"
                : "%s, at most %s late, kept %s"
                        .formatted(deletes.source(), deletes.delay(), kept(deletes.retention()));
    }

    private static String kept(Duration retention) {
        return retention == null ? "for ever" : retention.toString();
    }
}
