package io.kintsugi.connector.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Writes that are on the disk when they return. */
final class SafeFile {
    private SafeFile() {}

    static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(out, bytes);
            out.force(true);
        }
    }

    static void write(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) out.write(buffer);
    }

    /** Puts one file in the place of another in one step: readers see the old or the new one, whole. */
    static void replace(Path file, Path with) throws IOException {
        Files.move(with, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            return; // not every system can sync a folder; the file itself is on the disk and in place
        }
    }

    /** Lets a new file be used by the same people as another, where the file system knows about that. */
    static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView is = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView will = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (is == null || will == null) return;
        will.setPermissions(is.readAttributes().permissions());
    }
}
