package io.kintsugi.core.lifecycle;

import io.kintsugi.core.cluster.GoldenIds;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything one resolution may change, read after it was claimed. Closed: a live record that is linked to a record of the scope, or
 * shares its golden, is in the scope too.
 *
 * @param records all records, in whatever state, by key
 * @param memberships golden of each record that has one
 * @param goldens every golden named by a membership
 * @param links active links with both ends in the scope
 * @param formers retired goldens that may come back, newest merge first, with the records they gave away
 * @param formerGoldens the records of those goldens
 * @param chosen ids that a steward chose to survive
 * @param back what a steward gives back to retired goldens; these are among the former ones
 * @param referents what references of the records and goldens lead to
 */
public record Scope(
        Map<RecordKey, SourceRecord> records,
        Map<RecordKey, Membership> memberships,
        Map<String, GoldenRecord> goldens,
        List<Link> links,
        List<GoldenIds.Former> formers,
        Map<String, GoldenRecord> formerGoldens,
        Set<String> chosen,
        GivenBack back,
        Referents referents) {
    /** One of a type without references, where nothing is given back. */
    public Scope(
            Map<RecordKey, SourceRecord> records,
            Map<RecordKey, Membership> memberships,
            Map<String, GoldenRecord> goldens,
            List<Link> links,
            List<GoldenIds.Former> formers,
            Map<String, GoldenRecord> formerGoldens,
            Set<String> chosen) {
        this(records, memberships, goldens, links, formers, formerGoldens, chosen, GivenBack.NOTHING, Referents.NONE);
    }

    /** The same with more links. */
    public Scope with(Collection<Link> more) {
        var all = new ArrayList<>(links);
        all.addAll(more);
        return new Scope(records, memberships, goldens, all, formers, formerGoldens, chosen, back, referents);
    }
}
