package io.kintsugi.server.cli;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.FileRecords;
import io.kintsugi.server.match.RecordIds;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A file that was matched: what went in, the rules, and what came out.
 *
 * @param profiles of the records in the order of the file, as they were compared
 */
record MatchRun(
        Matcher matcher,
        MatchPolicy policy,
        FileRecords records,
        List<Profile> profiles,
        BatchMatch.Result result,
        RecordIds ids) {
    /** @param given with the rules that decided, if none were learned */
    static MatchRun of(Matcher given, FileRecords records, BatchMatch.Result result) {
        var learned = result.learned();
        var matcher = learned == null ? given : learned.matcher();
        UnaryOperator<Profile> compared =
                learned == null ? profile -> matcher.without(profile, result.tooCommon()) : learned.counted()::weigh;
        return new MatchRun(
                matcher,
                matcher.policy(),
                records,
                records.profiles().stream().map(compared).toList(),
                result,
                new RecordIds(records.keys()));
    }

    Profile profile(RecordKey key) {
        return profiles.get(ids.position(key));
    }
}
