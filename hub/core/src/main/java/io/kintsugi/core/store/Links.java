package io.kintsugi.core.store;

import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.RecordKey;
import java.util.Collection;
import java.util.List;

/** Decisions between two records. */
public interface Links {
    /** Links with at least one end among the records, in every state and of every origin, each once, in no order. */
    List<Link> of(Collection<RecordKey> records);

    /** Stores links; one of the same ends and origin is replaced. Both ends exist. */
    void save(Collection<Link> links);

    /** Takes away the rule links of the same ends; those not stored are ignored. The verdicts of stewards and systems are never removed. */
    void removeRuleLinks(Collection<Link> links);
}
