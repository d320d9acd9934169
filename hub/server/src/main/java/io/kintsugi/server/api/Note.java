package io.kintsugi.server.api;

/** What a steward wants to be remembered about a decision. */
record Note(String note) {
    private static final int LONGEST = 2000;

    /** @throws Refused if it is too long to keep; null is no note */
    static void require(String note) {
        if (note != null && note.length() > LONGEST) {
            throw Refused.badRequest("the note is longer than " + LONGEST + " characters");
        }
    }

    /** The note in the body; null if there is neither. */
    static String in(Call call) {
        var body = call.bodyIfAny(Note.class);
        if (body == null) return null;
        require(body.note());
        return body.note();
    }
}
