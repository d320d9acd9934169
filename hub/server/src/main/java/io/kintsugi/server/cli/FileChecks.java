package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Looks at the files of a command line before the work, so that nobody waits for a result that cannot be written. */
final class FileChecks {
    private FileChecks() {}

    /**
     * @param name of the file on the command line
     * @throws HubException UNPROCESSABLE if there is no such file or it may not be read
     */
    static void readable(Path file, String name) {
        refuseNothing(file, name);
        readableAs(file, "a CSV file");
    }

    /** @param kind what would be right, said of a folder */
    static void readableAs(Path file, String kind) {
        if (Files.notExists(file)) throw refused("there is no file " + file);
        if (!Files.exists(file)) {
            throw refused(file + " cannot be looked at; see that all above it are folders, and open to this user");
        }
        if (Files.isDirectory(file)) throw refused(file + " is a folder; name " + kind);
        if (!Files.isReadable(file)) throw refused(file + " may not be read by this user");
    }

    /**
     * @param option names the file on the command line
     * @param others of the same command line, none of which it may be
     * @throws HubException UNPROCESSABLE if it cannot be written, BAD_REQUEST if it is one of the others
     */
    static void writable(Path file, String option, Collection<Path> others) {
        refuseNothing(file, option);
        Path place;
        try {
            if (!Files.isDirectory(file) && WholeFile.isStream(file)) return;
            place = WholeFile.place(file).normalize();
        } catch (IOException e) {
            throw refused("cannot look at " + file + ": " + e.getMessage());
        }
        var folder = place.getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw refused(file + " is a folder; name a file for " + option);
        }
        if (!Files.isDirectory(folder)) throw refused("there is no folder " + folder + " for " + option);
        if (!Files.isWritable(folder) || Files.exists(file) && !Files.isWritable(file)) {
            throw refused(file + " cannot be written by this user");
        }
        for (var other : others) {
            try {
                boolean same = Files.exists(file) && Files.exists(other)
                        ? Files.isSameFile(file, other)
                        : place.equals(other.toAbsolutePath().normalize());
                if (same) {
                    throw new HubException(
                            HubErrorCode.BAD_REQUEST,
                            option + " is " + other + ", which has another use; name another");
                }
            } catch (IOException e) {
                throw refused("cannot look at " + file + ": " + e.getMessage());
            }
        }
    }

    private static void refuseNothing(Path file, String name) {
        if (file.toString().isEmpty()) throw new HubException(HubErrorCode.BAD_REQUEST, name + " names no file");
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
