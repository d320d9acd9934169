package io.kintsugi.core.store;

import io.kintsugi.core.model.RecordKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** Which records name which others. Kept from the child's side, because a parent may be named long before it is known. */
public interface References {
    /** @param to the record that is named, in the child's own system; need not exist */
    record Reference(String attribute, RecordKey to) {}

    /** References of each of the records that has any. */
    Map<RecordKey, Set<Reference>> of(Collection<RecordKey> records);

    /** Makes the references of each record exactly these; the records exist. */
    void save(Map<RecordKey, ? extends Set<Reference>> references);

    /** Records that name one of these, in whatever state. */
    SortedSet<RecordKey> to(Collection<RecordKey> named);

    /**
     * Goldens in use whose value of a reference is this golden, by id, and that have a record which names one of its records.
     *
     * @param after ids up to and including this one are left out; empty to begin
     */
    List<Referrer> referrers(String goldenId, String after, int limit);

    /** @param attributes references of the golden that lead there, sorted */
    record Referrer(String goldenId, List<String> attributes) {
        public Referrer {
            attributes = List.copyOf(attributes);
        }
    }
}
