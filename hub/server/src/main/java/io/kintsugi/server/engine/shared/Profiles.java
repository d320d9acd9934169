package io.kintsugi.server.engine.shared;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.SourceRecord;
import java.util.IdentityHashMap;

/** Standardised forms of the records of one batch, each made once. */
public final class Profiles {
    private final Matcher matcher;
    private final ProfileCache cache;
    private final IdentityHashMap<SourceRecord, Profile> made = new IdentityHashMap<>();

    /** @param cache shared with other batches */
    public Profiles(Matcher matcher, ProfileCache cache) {
        this.matcher = matcher;
        this.cache = cache;
    }

    /** Standardised form of a record, made at its first use. */
    public Profile of(SourceRecord record) {
        return made.computeIfAbsent(record, r -> {
            var hash = ContentHash.of(r.evidence());
            var known = cache.find(matcher, r.key(), hash);
            if (known != null) return known;
            var profile = matcher.profile(r.key(), r.evidence());
            cache.keep(matcher, hash, profile);
            return profile;
        });
    }
}
