package io.kintsugi.server.engine.stewardship;

/** How much of a tree of merges is taken back with one of them (MRG-8). */
public enum UnmergeMode {
    /** That merge alone: what either side had taken in by other merges stays with its side, and later merges stand. */
    SINGLE,
    /** Each merge that made the absorbed goldens what they were is taken back too, so that every golden among them is itself again. */
    TREE
}
