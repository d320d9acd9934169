package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps what a position of a {@link Comparison} needs: small things inside the position, large ones in a file that is written under
 * another name, forced to the disk and then renamed, and that nobody changes afterwards. A reference is {@code inline:} and base64 or
 * {@code file:} and a name.
 */
final class StateFolder {
    private static final String INLINE = "inline:";
    private static final String FILE = "file:";
    private static final int INLINE_LIMIT = 48 * 1024;

    private final Path folder;
    private final String prefix;
    private final String stream;

    /** @param folder null if there is none; then only small things can be kept */
    StateFolder(Path folder, String system, String stream) {
        this.folder = folder;
        this.stream = stream;
        this.prefix = system.replaceAll("[^A-Za-z0-9_.-]", "_") + "-"
                + Long.toHexString(Projection.digest(system + "\n" + stream)) + "-";
    }

    /** Bytes being written; become a reference when they are kept, or nothing. */
    final class Draft extends OutputStream {
        private ByteArrayOutputStream memory = new ByteArrayOutputStream();
        private OutputStream out = memory;
        private Path file;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (memory != null && memory.size() + length > INLINE_LIMIT && folder != null) {
                Files.createDirectories(folder);
                file = folder.resolve(prefix + UUID.randomUUID() + ".new");
                out = Files.newOutputStream(file);
                memory.writeTo(out);
                memory = null;
            }
            out.write(bytes, from, length);
        }

        /** @return a reference that {@link #open} understands */
        String keep() throws IOException, Misconfigured {
            out.close();
            if (memory != null) {
                if (memory.size() > INLINE_LIMIT)
                    throw new Misconfigured("table " + stream
                            + " is too large to be compared without a place for its image; give the setting"
                            + " stateFolder, or rely on a stamp column alone by the settings streams." + stream
                            + ".changed and compareEvery 0s, which tells no hard deletes");
                return INLINE + Base64.getEncoder().encodeToString(memory.toByteArray());
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            String name = file.getFileName().toString().replace(".new", ".state");
            Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            file = null;
            return FILE + name;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        /** Leaves nothing behind, unless it was kept. */
        void discard() throws IOException {
            out.close();
            if (file != null) Files.deleteIfExists(file);
        }
    }

    /** To be filled, closed, kept, and discarded in any case. */
    Draft draft() {
        return new Draft();
    }

    /** @throws CheckpointExpired if the file is gone, so that the engine reads the stream whole */
    InputStream open(String reference) throws IOException, ConnectorException {
        if (reference.startsWith(INLINE))
            return new ByteArrayInputStream(Base64.getDecoder().decode(reference.substring(INLINE.length())));
        String name = reference.substring(FILE.length());
        if (folder == null || !name.startsWith(prefix) || name.contains("/") || name.contains("\\")) throw expired();
        try {
            return Files.newInputStream(folder.resolve(name));
        } catch (NoSuchFileException e) {
            throw expired();
        }
    }

    /** Removes the files of this stream but those referred to. */
    void keepOnly(Set<String> references) throws IOException {
        if (folder == null || !Files.isDirectory(folder)) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path file : files) if (!references.contains(FILE + file.getFileName())) Files.deleteIfExists(file);
        }
    }

    private CheckpointExpired expired() {
        return new CheckpointExpired(
                null, "the image of " + stream + " is not in the state folder any more; read the stream whole");
    }
}
