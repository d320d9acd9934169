package io.kintsugi.server.engine.shared;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** Standardised forms of the records that were compared last, so that a twin is not read again for each of its candidates. Thread-safe. */
public final class ProfileCache {
    private static final int MOST = 30_000;

    /** Content decides, not time: what has the same hash has the same form. */
    private record Form(Matcher matcher, RecordKey record, String hash) {}

    private final Map<Form, Profile> forms = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Form, Profile> eldest) {
            return size() > MOST;
        }
    };

    /** Null if it is not known. */
    public synchronized Profile find(Matcher matcher, RecordKey record, String hash) {
        return forms.get(new Form(matcher, record, hash));
    }

    /** Forgets all: something was erased. */
    public synchronized void clear() {
        forms.clear();
    }

    /** Keeps a form; the one that was used least goes if there are too many. */
    public synchronized void keep(Matcher matcher, String hash, Profile profile) {
        forms.put(new Form(matcher, profile.key(), hash), profile);
    }
}
