package io.kintsugi.server.cli;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.FileRecords;
import io.kintsugi.server.match.RecordIds;

/** A file that was matched: what went in, the rules, and what came out. */
record MatchRun(Matcher matcher, MatchPolicy policy, FileRecords records, BatchMatch.Result result, RecordIds ids) {
    MatchRun(Matcher matcher, MatchPolicy policy, FileRecords records, BatchMatch.Result result) {
        this(matcher, policy, records, result, new RecordIds(records.keys()));
    }

    Profile profile(RecordKey key) {
        return records.profiles().get(ids.position(key));
    }
}
