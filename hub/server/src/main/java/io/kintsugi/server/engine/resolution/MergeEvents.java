package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;

/** Who made the merges of one resolution, and by what word. */
final class MergeEvents {
    private final Ids ids;
    private final LiveModel.Rules rules;
    private final Occasion occasion;
    private final SystemMerges merges;
    private final Instant now;

    MergeEvents(Ids ids, LiveModel.Rules rules, Occasion occasion, SystemMerges merges, Instant now) {
        this.ids = ids;
        this.rules = rules;
        this.occasion = occasion;
        this.merges = merges;
        this.now = now;
    }

    List<MergeEvent> of(List<ResolutionPlan.Absorption> absorptions) {
        return absorptions.stream().map(this::event).toList();
    }

    private MergeEvent event(ResolutionPlan.Absorption absorption) {
        var all = new TreeSet<>(absorption.absorbed());
        all.add(absorption.survivor());
        var told = occasion.origin() == Origin.RULE ? merges.of(all) : List.<SystemMerges.Adopted>of();
        if (!told.isEmpty()) {
            var ties = new LinkedHashSet<PairKey>();
            var notes = new ArrayList<String>();
            for (var merge : told) {
                ties.addAll(merge.ties());
                notes.add(merge.note());
            }
            return event(absorption, Origin.SOURCE, told.get(0).system(), String.join("; ", notes), ties);
        }
        boolean said = occasion.origin() != Origin.RULE && !occasion.links().isEmpty();
        if (!said) return event(absorption, Origin.RULE, rules.matcher().ruleSet(), null, List.of());
        return event(absorption, occasion.origin(), occasion.by(), occasion.note(), occasion.links());
    }

    private MergeEvent event(
            ResolutionPlan.Absorption absorption, Origin origin, String by, String note, Collection<PairKey> ties) {
        return new MergeEvent(
                ids.next("m"),
                rules.type().name(),
                absorption.survivor(),
                absorption.absorbed(),
                absorption.moved(),
                ties.stream()
                        .map(pair -> new MergeEvent.Pair(pair.a(), pair.b()))
                        .toList(),
                origin,
                by,
                note,
                now,
                null,
                null,
                rules.policies());
    }
}
