package io.kintsugi.server.engine.resolution;

import io.kintsugi.server.engine.shared.StoredJson;

/**
 * What a review of kind {@code PROPOSED} is about.
 *
 * @param record key of the record that was changed
 * @param value what it was changed to; empty text for nothing
 * @param surviving what survives instead; null for nothing
 * @param accepted what a steward said; null while nobody has
 */
public record Proposal(String record, String attribute, String value, String surviving, Boolean accepted) {
    /** The same proposal with its answer. */
    public Proposal answered(boolean accepts) {
        return new Proposal(record, attribute, value, surviving, accepts);
    }

    /** As a review keeps it. */
    public String toJson() {
        return StoredJson.write(this);
    }

    /** The proposal that {@link #toJson()} made the text of. */
    public static Proposal parse(String json) {
        return StoredJson.read(json, Proposal.class, "review");
    }
}
