package io.kintsugi.connector.simulated;

/** Something that a simulated system can do, or a bad habit it has. */
public enum Trait {
    /** Records have versions. */
    VERSIONS,
    /** Writes are applied only if the record is as expected. */
    CONDITIONAL,
    /** Creates carry a unique key that names them. */
    LINK_KEY,
    /** Records can be deleted through the connector. */
    DELETES,
    /** Deleted records can be brought back through the connector. */
    UNDELETES,
    /** What was merged into another record can be brought back like what was deleted. */
    UNDELETES_LOSERS,
    /** The feed says what was deleted; otherwise only a comparison of everything shows it. */
    TELLS_DELETES,
    /** A native merge: the winner keeps its id, the loser points to it. */
    MERGES_KEEPING_ID,
    /** A native merge: the result has a new id, and both old ones lead to it. */
    MERGES_MINTING_ID,
    /** The feed says what was merged; otherwise a loser looks deleted. */
    TELLS_MERGES,
    /** A reply to a write says what the record holds now. */
    TELLS_RECORD,
    /** The feed tells each state a record went through; otherwise only what it holds when asked. */
    TELLS_STATES,
    /** The feed says only that something happened to a record. */
    HINTS,
    /** A write that changes nothing is a change all the same. */
    BUMPS_UNCHANGED;
}
