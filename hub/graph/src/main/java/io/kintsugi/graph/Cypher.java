package io.kintsugi.graph;

/** Every query of the hub. Each is one file below {@code cypher/}, read when the class loads: a missing or broken one stops the hub. */
enum Cypher {
    SHOW_COMPONENTS("schema/show-components"),
    CREATE_MIGRATION_LOCK("schema/create-migration-lock"),
    CREATE_MIGRATION_VERSION("schema/create-migration-version"),
    LOCK_MIGRATIONS("schema/lock-migrations"),
    FIND_MIGRATIONS("schema/find-migrations"),
    FIND_FOREIGN("schema/find-foreign"),
    SAVE_MIGRATION("schema/save-migration"),
    AWAIT_INDEXES("schema/await-indexes"),
    FIND_FILLED("contents/find-filled"),
    LIST_CONTENTS("contents/list-contents"),
    LIST_TIES("contents/list-ties"),
    COPY_CONTENTS("contents/copy-contents"),
    COPY_TIES("contents/copy-ties"),
    FIND_RECORDS("records/find-records"),
    LOOK_AT_RECORDS("records/look-at-records"),
    LOCK_RECORDS("records/lock-records"),
    SAVE_RECORDS("records/save-records"),
    MARK_PENDING("records/mark-pending"),
    CLEAR_PENDING("records/clear-pending"),
    FIND_PENDING("records/find-pending"),
    FIND_STILL_PENDING("records/find-still-pending"),
    LIST_REVISIONS("records/list-revisions"),
    COUNT_RECORDS("records/count-records"),
    LIST_RECORDS("records/list-records"),
    CLAIM_BLOCK_KEYS("blocks/claim-block-keys"),
    FIND_ASSIGNED_KEYS("blocks/find-assigned-keys"),
    ADD_BLOCK_KEYS("blocks/add-block-keys"),
    REMOVE_BLOCK_KEYS("blocks/remove-block-keys"),
    MARK_GENERIC("blocks/mark-generic"),
    LIST_HOLDERS("blocks/list-holders"),
    LIST_NEAR("blocks/list-near"),
    LIST_GENERIC("blocks/list-generic"),
    FIND_BLOCK_KEYS("blocks/find-block-keys"),
    FIND_LINKS("links/find-links"),
    SAVE_LINKS("links/save-links"),
    CREATE_LINKS("links/create-links"),
    REMOVE_RULE_LINKS("links/remove-rule-links"),
    CLAIM_GOLDENS("goldens/claim-goldens"),
    FIND_GOLDENS("goldens/find-goldens"),
    FIND_DUE_GOLDENS("goldens/find-due-goldens"),
    FIND_CURRENT_IDS("goldens/find-current-ids"),
    FIND_GOLDEN_OF("goldens/find-golden-of"),
    FIND_MEMBERS("goldens/find-members"),
    SAVE_GOLDENS("goldens/save-goldens"),
    REMOVE_REDIRECTS("goldens/remove-redirects"),
    ADD_REDIRECTS("goldens/add-redirects"),
    ADD_MEMBERSHIPS("goldens/add-memberships"),
    UPDATE_MEMBERSHIPS("goldens/update-memberships"),
    REMOVE_MEMBERSHIPS("goldens/remove-memberships"),
    APPEND_REVISIONS("goldens/append-revisions"),
    LIST_HISTORY("goldens/list-history"),
    LIST_FEED("goldens/list-feed"),
    FIND_SEQUENCE("goldens/find-sequence"),
    RESERVE_NUMBERS("goldens/reserve-numbers"),
    COUNT_GOLDENS("goldens/count-goldens"),
    LIST_RECENT_GOLDENS("goldens/list-recent-goldens"),
    LIST_GOLDENS_BY_ID("goldens/list-goldens-by-id"),
    LIST_GOLDENS_ASCENDING("goldens/list-goldens-ascending"),
    LIST_GOLDENS_DESCENDING("goldens/list-goldens-descending"),
    SEARCH_GOLDENS_ASCENDING("goldens/search-goldens-ascending"),
    SEARCH_GOLDENS_DESCENDING("goldens/search-goldens-descending"),
    SAVE_MERGES("merges/save-merges"),
    ADD_SURVIVORS("merges/add-survivors"),
    ADD_ABSORBED("merges/add-absorbed"),
    ADD_MOVES("merges/add-moves"),
    FIND_MERGE("merges/find-merge"),
    FIND_MERGES_OF_GOLDEN("merges/find-merges-of-golden"),
    LIST_MERGES("merges/list-merges"),
    LIST_MERGES_OLDEST_FIRST("merges/list-merges-oldest-first"),
    FIND_FORMER_GOLDENS("merges/find-former-goldens"),
    TRACE_RECORD("merges/trace-record"),
    FIND_MERGE_LINEAGE("merges/find-merge-lineage"),
    SAVE_REVIEWS("reviews/save-reviews"),
    TIE_REVIEWS("reviews/tie-reviews"),
    FIND_REVIEWS("reviews/find-reviews"),
    LOCK_REVIEW("reviews/lock-review"),
    FIND_OPEN_REVIEWS("reviews/find-open-reviews"),
    LIST_REVIEWS_BY_SCORE("reviews/list-reviews-by-score"),
    LIST_REVIEWS_BY_DOUBT("reviews/list-reviews-by-doubt"),
    LIST_REVIEWS_BY_AGE("reviews/list-reviews-by-age"),
    FIND_ANY_OPEN_REVIEW("reviews/find-any-open-review"),
    COUNT_OPEN_REVIEWS("reviews/count-open-reviews"),
    MARK_CHANGES("outbox/mark-changes"),
    TIE_CHANGES("outbox/tie-changes"),
    FIND_DUE_KEYS("outbox/find-due-keys"),
    LOCK_CHANGES("outbox/lock-changes"),
    SAVE_CHANGES("outbox/save-changes"),
    FIND_CHANGES("outbox/find-changes"),
    FIND_OPEN_CHANGES("outbox/find-open-changes"),
    FIND_CHANGES_OF_GOLDEN("outbox/find-changes-of-golden"),
    LIST_CHANGES("outbox/list-changes"),
    LIST_CHANGES_OLDEST_FIRST("outbox/list-changes-oldest-first"),
    COUNT_CHANGES("outbox/count-changes"),
    FIND_NEXT_DUE("outbox/find-next-due"),
    FIND_CHECKPOINT("journal/find-checkpoint"),
    SAVE_CHECKPOINT("journal/save-checkpoint"),
    SAVE_RUN("journal/save-run"),
    FIND_RUN("journal/find-run"),
    LIST_RUNS("journal/list-runs"),
    LIST_RUNS_OLDEST_FIRST("journal/list-runs-oldest-first"),
    FIND_POLICY("journal/find-policy"),
    LOCK_POLICY("journal/lock-policy"),
    PUBLISH_POLICY("journal/publish-policy"),
    LIST_POLICIES("journal/list-policies"),
    LIST_POLICY_VERSIONS("journal/list-policy-versions"),
    FIND_ANSWER("journal/find-answer"),
    SAVE_ANSWER("journal/save-answer"),
    FORGET_ANSWERS("journal/forget-answers"),
    CREATE_RECORDS("records/create-records"),
    CREATE_GOLDENS("goldens/create-goldens"),
    MERGE_RAW_KEYS("bench/merge-raw-keys"),
    CREATE_RAW_ROWS("bench/create-raw-rows"),
    CREATE_RAW_RECORDS("bench/create-raw-records"),
    CREATE_RAW_GOLDENS("bench/create-raw-goldens"),
    CREATE_RAW_REVISIONS("bench/create-raw-revisions");

    private final String path;
    private final CypherFile file;

    Cypher(String path) {
        this.path = path;
        this.file = CypherFile.read("/cypher/" + path + ".cypher");
    }

    /** Subject and name, as in the folder. */
    String path() {
        return path;
    }

    CypherFile file() {
        return file;
    }

    /** The statement without its header. */
    String text() {
        return file.statement();
    }
}
