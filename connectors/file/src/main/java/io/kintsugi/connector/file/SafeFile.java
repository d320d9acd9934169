package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

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

    /**
     * Gives a new file the permissions, the group and the owner of another, where the file system knows about those.
     *
     * @throws ConnectorException.PermissionDenied if they cannot be given away
     */
    static void copyOwnership(Path from, Path to) throws IOException, ConnectorException {
        PosixFileAttributeView is = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView will = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (is == null || will == null) return;
        PosixFileAttributes wanted = is.readAttributes();
        PosixFileAttributes given = will.readAttributes();
        try {
            if (!wanted.group().equals(given.group())) will.setGroup(wanted.group());
            if (!wanted.owner().equals(given.owner())) will.setOwner(wanted.owner());
        } catch (FileSystemException e) {
            throw new ConnectorException.PermissionDenied(
                    from.getFileName() + " belongs to " + wanted.owner() + ", group " + wanted.group()
                            + ", to whom the hub cannot give a new file; nothing is changed. Run the hub as that user, or let it own"
                            + " the file",
                    e);
        }
        will.setPermissions(wanted.permissions());
    }
}
