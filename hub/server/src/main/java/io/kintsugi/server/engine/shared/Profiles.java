package io.kintsugi.server.engine.shared;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * Standardised forms of the records of one batch, each made once, and which of their values too many records hold to say anything
 * (ID-10). Not thread-safe.
 */
public final class Profiles {
    private final Matcher matcher;
    private final ProfileCache cache;
    private final IdentityHashMap<SourceRecord, Profile> made = new IdentityHashMap<>();
    private final IdentityHashMap<Profile, Profile> telling = new IdentityHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> generic = new HashSet<>();

    /** @param cache shared with other batches */
    public Profiles(Matcher matcher, ProfileCache cache) {
        this.matcher = matcher;
        this.cache = cache;
    }

    /** Standardised form of a record with all its values, made at its first use. */
    public Profile whole(SourceRecord record) {
        return made.computeIfAbsent(record, r -> {
            var hash = ContentHash.of(r.evidence());
            var known = cache.find(matcher, r.key(), hash);
            if (known != null) return known;
            var profile = matcher.profile(r.key(), r.evidence());
            cache.keep(matcher, hash, profile);
            return profile;
        });
    }

    /** Form in which a record is compared: without the values that are known to be generic. */
    public Profile of(SourceRecord record) {
        return telling(whole(record));
    }

    /** The same for a form that is there already. */
    public Profile telling(Profile whole) {
        if (generic.isEmpty()) return whole;
        return telling.computeIfAbsent(whole, form -> matcher.without(form, generic));
    }

    /** Whether a block key is generic, which is not looked up then. */
    public void standing(String key, boolean isGeneric) {
        known.add(key);
        if (isGeneric && generic.add(key)) telling.clear();
    }

    /** Looks up which values of these forms are generic, where that is not known. */
    public void learn(HubTransaction tx, Collection<Profile> whole) {
        var asked = new TreeSet<String>();
        for (var form : whole) asked.addAll(matcher.valueKeys(form));
        asked.removeAll(known);
        if (asked.isEmpty()) return;
        var found = tx.blocks().find(asked);
        for (var key : asked)
            standing(key, found.containsKey(key) && found.get(key).generic());
    }
}
