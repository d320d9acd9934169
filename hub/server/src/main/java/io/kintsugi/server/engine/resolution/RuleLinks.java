package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Profiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The links that the rules want between records that share a block key.
 *
 * @param records those of the scope as they are now; others are compared as they were read
 */
record RuleLinks(Map<RecordKey, SourceRecord> records, LiveModel.Rules rules, Profiles profiles) {
    List<Link> of(Collection<Blocking.Pair> pairs, Instant now) {
        var wanted = new ArrayList<Link>();
        for (var pair : pairs) {
            if (away(pair.a()) || away(pair.b())) continue;
            var decision = rules.matcher().compare(current(pair.a(), pair.formA()), current(pair.b(), pair.formB()));
            if (decision.decision() == Decision.NO_MATCH) continue;
            if (decision.decision() == Decision.MATCH
                    && !(records.containsKey(pair.a()) && records.containsKey(pair.b()))) {
                continue; // the other one waits for its own resolution and will find this one
            }
            wanted.add(new Link(
                    pair.a(),
                    pair.b(),
                    Origin.RULE,
                    decision.decision(),
                    LinkState.ACTIVE,
                    decision.score(),
                    decision.evidence(),
                    pair.key(),
                    decision.ruleSet(),
                    now));
        }
        return wanted;
    }

    /** Whether a stored link says what is wanted. */
    static boolean same(Link stored, Link wanted) {
        return stored.decision() == wanted.decision()
                && stored.by().equals(wanted.by())
                && stored.evidence().equals(wanted.evidence());
    }

    private Profile current(RecordKey key, Profile read) {
        var record = records.get(key);
        return record == null ? read : profiles.of(record);
    }

    private boolean away(RecordKey key) {
        var record = records.get(key);
        return record != null && !record.state().resolves();
    }
}
