package io.kintsugi.graph;

import io.kintsugi.core.store.HubTransaction;

/** One transaction of the graph. After it is over every query is refused. */
final class GraphTransaction implements HubTransaction {
    private final GraphQueries queries;
    private final GraphRecords records;
    private final GraphBlocks blocks;
    private final GraphLinks links;
    private final GraphReferences references;
    private final GraphGoldens goldens;
    private final GraphMerges merges;
    private final GraphReviews reviews;
    private final GraphOutbox outbox;
    private final GraphDeletions deletions;
    private final GraphErasures erasures;
    private final GraphJournal journal;

    GraphTransaction(GraphQueries queries, NumberBlock versions) {
        this.queries = queries;
        records = new GraphRecords(queries);
        blocks = new GraphBlocks(queries, records);
        links = new GraphLinks(queries, records);
        references = new GraphReferences(queries);
        goldens = new GraphGoldens(queries, records, versions);
        merges = new GraphMerges(queries);
        reviews = new GraphReviews(queries);
        outbox = new GraphOutbox(queries);
        deletions = new GraphDeletions(queries);
        erasures = new GraphErasures(queries, goldens);
        journal = new GraphJournal(queries);
    }

    /** Does what must come last before the commit. */
    void finish() {
        goldens.appendRevisions();
    }

    /** Refuses everything from now on. */
    void end() {
        queries.end();
    }

    @Override
    public GraphRecords records() {
        return queries.valid(records);
    }

    @Override
    public GraphBlocks blocks() {
        return queries.valid(blocks);
    }

    @Override
    public GraphLinks links() {
        return queries.valid(links);
    }

    @Override
    public GraphReferences references() {
        return queries.valid(references);
    }

    @Override
    public GraphGoldens goldens() {
        return queries.valid(goldens);
    }

    @Override
    public GraphMerges merges() {
        return queries.valid(merges);
    }

    @Override
    public GraphReviews reviews() {
        return queries.valid(reviews);
    }

    @Override
    public GraphOutbox outbox() {
        return queries.valid(outbox);
    }

    @Override
    public GraphDeletions deletions() {
        return queries.valid(deletions);
    }

    @Override
    public GraphErasures erasures() {
        return queries.valid(erasures);
    }

    @Override
    public GraphJournal journal() {
        return queries.valid(journal);
    }
}
