package io.kintsugi.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders that are there for the moment. */
public final class Folders {
    private Folders() {}

    /** Deletes a folder and all that is in it. */
    public static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " could not be deleted; delete it by hand", e);
        }
    }
}
