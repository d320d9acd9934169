package io.kintsugi.server.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file whole or not at all: beside its place first, then in it. Its rights are those of any new file. */
final class WholeFile {
    private WholeFile() {}

    /** Writes the content of a file; closing the stream is its duty. */
    interface Content<T> {
        T write(OutputStream to) throws IOException;
    }

    /**
     * Writes a file, in place of one that is there.
     *
     * @return what the content returned
     * @throws IOException if anything fails; then the place holds what it held before
     */
    static <T> T write(Path file, Content<T> content) throws IOException {
        var whole = file.toAbsolutePath();
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
}
