package io.kintsugi.server.engine;

/**
 * What a review of kind {@code PROPOSED} is about.
 *
 * @param record key of the record that was changed
 * @param value what it was changed to; empty text for nothing
 * @param surviving what survives instead; null for nothing
 * @param accepted what a steward said; null while nobody has
 */
record Proposal(String record, String attribute, String value, String surviving, Boolean accepted) {
    Proposal answered(boolean accepts) {
        return new Proposal(record, attribute, value, surviving, accepts);
    }

    String toJson() {
        return StoredJson.write(this);
    }

    static Proposal parse(String json) {
        return StoredJson.read(json, Proposal.class, "review");
    }
}
