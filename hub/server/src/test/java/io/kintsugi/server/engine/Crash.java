package io.kintsugi.server.engine;

/** The hub is killed here: nothing catches it but the simulation, which starts another hub on the same store. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    /** Whether the hub had ended before, while this work of it waited for an answer; another one may be running. */
    final boolean late;

    Crash(boolean late) {
        super("killed", null, false, false);
        this.late = late;
    }
}
