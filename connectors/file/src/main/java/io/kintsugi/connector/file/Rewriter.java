package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Writes a batch as one rewrite of the file: readers see it before or after the whole batch. Rows that no op names are copied byte
 * for byte, broken ones too. Only one writer at a time, over all processes that share the state folder. If somebody else changes the
 * file meanwhile, it is read again. What is appended in the instant between that check and the replacement is carried over; only an
 * edit in that instant, or a program that keeps the replaced file open, can lose what it writes.
 */
final class Rewriter implements Writer {
    static final int MAX_BATCH = 5000;
    private static final int ATTEMPTS = 5;

    private final Folder folder;
    private final Settings settings;
    private final Clock clock;

    Rewriter(Folder folder, Settings settings, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<WriteResult> write(String name, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        if (ops.size() > MAX_BATCH) throw new IllegalArgumentException(ops.size() + " ops; at most " + MAX_BATCH);
        StreamFiles stream = folder.stream(name);
        if (!stream.writable())
            return ops.stream().map(op -> readOnly(stream, op)).toList();
        if (ops.isEmpty()) return List.of();
        Instant giveUp = clock.instant().plus(options.deadline());
        try {
            Files.createDirectories(settings.stateFolder());
            String lock = new Hash.Maker().of(stream.files().get(0).toRealPath().toString()) + ".lock";
            try (FileChannel locks = FileChannel.open(
                            settings.stateFolder().resolve(lock), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock mine = lock(locks, name)) {
                if (!mine.isValid()) throw busy(name, null);
                return rewrite(stream, ops, options, giveUp);
            }
        } catch (IOException e) {
            throw Trouble.of(e, "writing " + name);
        }
    }

    private static WriteResult readOnly(StreamFiles stream, WriteOp op) {
        String why =
                stream.name() + " is read-only: it is made of a pattern of files or of one in UTF-16, or its folder"
                        + " cannot be written";
        return new WriteResult.Rejected(
                op.opId(), new RecordError(Code.UNSUPPORTED, null, null, why, List.of(), false));
    }

    private static FileLock lock(FileChannel locks, String name) throws IOException, ConnectorException {
        try {
            FileLock lock = locks.tryLock();
            if (lock != null) return lock;
        } catch (OverlappingFileLockException e) {
            throw busy(name, e);
        }
        throw busy(name, null);
    }

    private static ConnectorException busy(String name, Throwable cause) {
        return new ConnectorException.Transient("another writer is at " + name + "; try again", cause);
    }

    private List<WriteResult> rewrite(StreamFiles stream, List<WriteOp> ops, WriteOptions options, Instant giveUp)
            throws IOException, ConnectorException {
        Path file = stream.files().get(0).toRealPath();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String marks = stream.marks();
            if (!folder.quiet().mayBeReplaced(stream))
                throw new ConnectorException.Transient(
                        stream.name()
                                + " was changed by others a moment ago (setting quietSeconds); nothing is changed",
                        null);
            Rewrite rewrite = new Rewrite(folder, settings, stream, ops, options.linkKeyField());
            rewrite.plan();
            if (!rewrite.changesAnything()) return rewrite.results();
            Path draft =
                    Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName() + ".", ".tmp");
            try (FileChannel replaced = FileChannel.open(file, StandardOpenOption.READ)) {
                SafeFile.copyOwnership(file, draft);
                long copied = rewrite.writeTo(replaced, draft);
                if (clock.instant().isAfter(giveUp))
                    throw new ConnectorException.Transient(
                            "writing " + stream.name() + " took too long; nothing is changed", null);
                if (!stream.marks().equals(marks)) continue;
                SafeFile.replace(file, draft);
                if (!rescue(replaced, copied, file)) folder.quiet().wrote(stream);
                return rewrite.results();
            } finally {
                Files.deleteIfExists(draft);
            }
        }
        throw new ConnectorException.Transient(
                stream.name() + " was changed by others " + ATTEMPTS
                        + " times while it was to be written; nothing is changed",
                null);
    }

    /**
     * Carries over what somebody appended to the replaced file in the instant between the last look at it and its replacement. What
     * a program that holds it open appends later goes to a file that has no name any more, and is lost.
     *
     * @return whether there was anything
     */
    static boolean rescue(FileChannel replaced, long copied, Path file) throws IOException {
        long size = replaced.size();
        if (size <= copied) return false;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.position(out.size());
            Rewrite.copy(replaced, copied, size, out);
            out.force(true);
        }
        return true;
    }
}
