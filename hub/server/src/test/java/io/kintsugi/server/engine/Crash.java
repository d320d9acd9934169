package io.kintsugi.server.engine;

/** The hub is killed here: nothing catches it but the simulation, which starts another hub on the same store. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
        super("killed", null, false, false);
    }
}
