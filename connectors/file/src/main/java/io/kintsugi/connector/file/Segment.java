package io.kintsugi.connector.file;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.function.BiConsumer;

/** A file of ids and row hashes, named by its content and never changed. Written and read entry by entry. */
final class Segment {
    private static final int END = -1;

    private Segment() {}

    /** @param each given each id with its hash; a null hash for a row that is gone */
    static void read(Path file, BiConsumer<String, Hash> each) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            for (int length = in.readInt(); length != END; length = in.readInt()) {
                String id = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                each.accept(id, in.readBoolean() ? new Hash(in.readLong(), in.readLong()) : null);
            }
        }
    }

    /** A segment that is being written. Leaves nothing behind if it is closed before it is finished. */
    static final class Draft implements Closeable {
        private final Path folder;
        private final String prefix;
        private final Path file;
        private final Hash.Maker content = new Hash.Maker();
        private final DataOutputStream out;

        Draft(Path folder, String prefix) throws IOException {
            this.folder = Files.createDirectories(folder);
            this.prefix = prefix;
            this.file = Files.createTempFile(folder, prefix, ".tmp");
            this.out = new DataOutputStream(new BufferedOutputStream(
                    new DigestOutputStream(Files.newOutputStream(file), content.digest()), 1 << 16));
        }

        /** @param hash null if the row is gone */
        void add(String id, Hash hash) throws IOException {
            byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.writeBoolean(hash != null);
            if (hash == null) return;
            out.writeLong(hash.high());
            out.writeLong(hash.low());
        }

        /** Puts the segment in its place. @return its name; it is on the disk then */
        String finish() throws IOException {
            out.writeInt(END);
            out.close();
            try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            String name = prefix + content.finish() + ".image";
            Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return name;
        }

        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(file);
        }
    }
}
