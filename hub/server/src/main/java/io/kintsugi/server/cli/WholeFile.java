package io.kintsugi.server.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file whole or not at all: beside its place first, then in it. Its rights are those of any new file. A link stays and its
 * target is written. A device or a pipe, such as {@code /dev/stdout}, is written into, because to put a file in its place would
 * destroy it.
 */
final class WholeFile {
    private static final int MOST_LINKS = 40;

    private WholeFile() {}

    /** Writes the content of a file; closing the stream is its duty. */
    interface Content<T> {
        T write(OutputStream to) throws IOException;
    }

    /**
     * Writes a file, in place of one that is there.
     *
     * @return what the content returned
     * @throws IOException if anything fails; then the place holds what it held before, unless it is no file
     */
    static <T> T write(Path file, Content<T> content) throws IOException {
        var whole = place(file);
        if (isStream(file)) return content.write(Files.newOutputStream(file, StandardOpenOption.WRITE));
        var half = whole.resolveSibling(
                "." + whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            var result = content.write(Files.newOutputStream(half, StandardOpenOption.CREATE_NEW));
            Files.move(half, whole, StandardCopyOption.REPLACE_EXISTING);
            return result;
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /** Whether it is there and no file that could be replaced: also what is open by another name, such as the standard output. */
    static boolean isStream(Path file) throws IOException {
        if (!Files.exists(file)) return false;
        return !Files.isRegularFile(file) || throughProcess(file);
    }

    /** Where a file is or would be: behind all links. */
    static Path place(Path file) throws IOException {
        var place = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(place) && !place.startsWith("/proc"); links++) {
            if (links == MOST_LINKS) throw new IOException(file + " is a link that leads to itself");
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return place;
    }

    private static boolean throughProcess(Path file) throws IOException {
        return place(file).normalize().startsWith("/proc");
    }
}
