package io.kintsugi.server.cli;

import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.match.Judged;
import io.kintsugi.server.match.Mistake;
import io.kintsugi.server.match.SharedKeys;
import io.kintsugi.server.match.SharedKeys.SharedKey;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists the worst mistakes of a run with the pair that explains most about each: the best one across its parts. */
final class MistakeText {
    private static final int LISTED = 8; // records of a part, and parts
    private static final int SCORED = 20; // likewise

    private final MatchRun run;
    private final RecordNames names;
    private final PrintWriter out;

    private record Pair(Profile a, Profile b, double bits) {}

    MistakeText(MatchRun run, PrintWriter out) {
        this.run = run;
        this.out = out;
        names = new RecordNames(run.records());
    }

    /** @param most of each kind */
    void print(Judged judged, int most) {
        out.println();
        print("Wrong merges, worst first; | stands between what is not the same", "wrong", judged.wrongMerges(most));
        out.println();
        print("Splits, worst first; | stands between what was not put together", "missed", judged.splits(most));
        out.flush();
    }

    private void print(String title, String which, List<Mistake> mistakes) {
        out.println(title + (mistakes.isEmpty() ? ": none" : ":"));
        var pairs = mistakes.stream().map(this::best).toList();
        var keys = SharedKeys.of(
                run.matcher(),
                run.profiles(),
                pairs.stream().map(p -> List.of(p.a(), p.b())).toList());
        for (int i = 0; i < mistakes.size(); i++) {
            var mistake = mistakes.get(i);
            var parts = mistake.parts();
            out.printf(
                    Locale.ROOT,
                    "  %,d %s pair%s: %s%s%n",
                    mistake.pairs(),
                    which,
                    mistake.pairs() == 1 ? "" : "s",
                    parts.stream().limit(LISTED).map(this::part).collect(Collectors.joining(" | ")),
                    parts.size() > LISTED ? " | … " + (parts.size() - LISTED) + " more" : "");
            var pair = pairs.get(i);
            out.printf(
                    Locale.ROOT,
                    "      best across: %s %s, %+.1f bits, %s%n",
                    name(pair.a().key()),
                    name(pair.b().key()),
                    pair.bits(),
                    describe(keys.between(pair.a(), pair.b())));
        }
    }

    private String describe(List<SharedKey> keys) {
        var useful = keys.stream()
                .filter(key -> key.holders() <= run.matcher().holdersOf(key.key()))
                .toList();
        if (keys.isEmpty()) return "no key in common";
        if (useful.isEmpty()) return "only keys in common that too many records have";
        return "by "
                + useful.stream()
                        .map(key -> key.key().split(":", 3)[1])
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    private String part(List<RecordKey> part) {
        return part.stream().limit(LISTED).map(this::name).collect(Collectors.joining(" "))
                + (part.size() > LISTED ? " … " + (part.size() - LISTED) + " more" : "");
    }

    private String name(RecordKey key) {
        return CliText.printable(names.of(key));
    }

    private Pair best(Mistake mistake) {
        Pair best = null;
        var parts = mistake.parts().stream()
                .limit(SCORED)
                .map(part -> part.stream().limit(SCORED).map(run::profile).toList())
                .toList();
        var before = new ArrayList<Profile>();
        for (var part : parts) {
            for (var b : part) {
                for (var a : before) {
                    double bits = run.matcher().score(a, b);
                    if (best == null || bits > best.bits()) best = new Pair(a, b, bits);
                }
            }
            before.addAll(part);
        }
        return best;
    }
}
