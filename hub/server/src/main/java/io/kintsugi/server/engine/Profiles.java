package io.kintsugi.server.engine;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.SourceRecord;
import java.util.IdentityHashMap;

/** Standardised forms of the records of one batch, each made once. */
final class Profiles {
    private final Matcher matcher;
    private final IdentityHashMap<SourceRecord, Profile> made = new IdentityHashMap<>();

    Profiles(Matcher matcher) {
        this.matcher = matcher;
    }

    Profile of(SourceRecord record) {
        return made.computeIfAbsent(record, r -> matcher.profile(r.key(), r.attributes()));
    }
}
