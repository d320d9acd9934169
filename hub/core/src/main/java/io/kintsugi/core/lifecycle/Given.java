package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.StewardValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What stewards gave goldens, as these join and part.
 *
 * @param inUse goldens that have records after it
 */
record Given(Scope scope, Collection<String> inUse, Instant now) {
    /**
     * What stewards gave a golden: it keeps its own, gets what those it absorbs had, and gives back what those had that are not
     * part of it any more, as they had it.
     */
    List<StewardValue> to(GoldenRecord before, List<String> absorbed) {
        var own = new ArrayList<StewardValue>(before == null ? List.of() : before.stewardValues());
        if (before != null && !scope.back().isNothing()) return shared(before, own);
        for (var former :
                own.isEmpty() ? List.<GoldenRecord>of() : scope.formerGoldens().values()) {
            if (former == before || former.stewardValues().isEmpty() || !inUse.contains(former.id())) continue;
            for (var back : former.stewardValues()) { // ended here, so that copies of it are recalled
                own.replaceAll(value ->
                        value.holds() && !isOwn(value, before) && isSame(value, back) ? value.ended(now) : value);
            }
        }
        var given = new LinkedHashSet<StewardValue>(own);
        for (var id : absorbed == null ? List.<String>of() : absorbed) {
            given.addAll(scope.goldens().get(id).stewardValues());
        }
        return List.copyOf(given);
    }

    /** What stewards gave, where a merge is taken apart: each golden has what was given to it, or to one that is part of it. */
    private List<StewardValue> shared(GoldenRecord golden, List<StewardValue> own) {
        boolean returns = scope.formerGoldens().containsKey(golden.id());
        var to = scope.back().goldens();
        var given = new ArrayList<StewardValue>();
        for (var value : own) {
            var side = to.get(value.golden());
            boolean its = returns ? golden.id().equals(side) : side == null;
            given.add(its || !value.holds() ? value : value.ended(now)); // so that copies of it are recalled
        }
        if (!returns) return given;
        for (var other : scope.goldens().values()) {
            for (var value : other.stewardValues()) {
                boolean its = value.holds() && golden.id().equals(to.get(value.golden()));
                if (its && given.stream().noneMatch(one -> isSame(one, value))) given.add(value);
            }
        }
        return given;
    }

    private static boolean isOwn(StewardValue value, GoldenRecord golden) {
        return golden != null && value.golden().equals(golden.id());
    }

    private static boolean isSame(StewardValue one, StewardValue other) {
        return one.attribute().equals(other.attribute())
                && one.golden().equals(other.golden())
                && one.at().equals(other.at());
    }
}
