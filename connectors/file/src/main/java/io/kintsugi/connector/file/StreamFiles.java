package io.kintsugi.connector.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The files of a stream, in the order of their names; never empty.
 *
 * @param writable whether rows can be written, which needs exactly one file to write to
 */
record StreamFiles(String name, List<Path> files, boolean writable) {
    StreamFiles {
        files = List.copyOf(files);
    }

    /** Differs whenever the content of a file may have changed. */
    String marks() throws IOException {
        StringBuilder marks = new StringBuilder();
        for (Path file : files) marks.append(mark(file)).append(' ');
        return marks.toString().strip();
    }

    static String mark(Path file) throws IOException {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        return file.getFileName() + ":" + is.size() + ":"
                + is.lastModifiedTime().to(TimeUnit.NANOSECONDS) + ":" + is.fileKey();
    }

    Instant lastChange() throws IOException {
        Instant last = Instant.MIN;
        for (Path file : files) {
            Instant at = Files.getLastModifiedTime(file).toInstant();
            if (at.isAfter(last)) last = at;
        }
        return last;
    }
}
