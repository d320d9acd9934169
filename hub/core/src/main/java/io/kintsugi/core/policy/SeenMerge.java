package io.kintsugi.core.policy;

/** What a merge that people made inside a system does to golden records. Whatever it is, a steward's word to the contrary is asked about. */
public enum SeenMerge {
    /** The golden records of the two become one. */
    ADOPT,
    /** The same if the match rules say that the two are one; otherwise a person is asked. */
    ADOPT_IF_RULES_AGREE,
    /** A person is asked; until then the golden records stay two. */
    REVIEW
}
