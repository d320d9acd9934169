package io.kintsugi.server.cli;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for people and an exit code. */
public final class Failures {
    private Failures() {}

    /** A command line that makes no sense: says what is wrong and where help is. */
    public static int usage(ParameterException problem, String[] args) {
        var line = problem.getCommandLine();
        var err = line.getErr();
        var name = line.getCommandSpec().qualifiedName();
        boolean command = problem instanceof UnmatchedArgumentException wrong
                && line.getParent() == null
                && !wrong.isUnknownOption();
        err.println(name + ": " + (command ? noCommand((UnmatchedArgumentException) problem) : problem.getMessage()));
        UnmatchedArgumentException.printSuggestions(problem, err);
        err.println("\"" + name + " --help\" explains it.");
        return ExitCode.USAGE;
    }

    private static String noCommand(UnmatchedArgumentException wrong) {
        return "there is no command \"" + wrong.getUnmatched().get(0) + "\"; there are "
                + String.join(", ", wrong.getCommandLine().getSubcommands().keySet());
    }

    /** A command that failed. The stack trace is shown only to those who asked for it. */
    public static int report(Exception failure, CommandLine at, boolean debug) {
        var err = at.getErr();
        err.println("kintsugi: " + sentence(failure, debug));
        if (debug) failure.printStackTrace(err);
        err.flush();
        boolean senseless = failure instanceof HubException hub && hub.code() == HubErrorCode.BAD_REQUEST;
        return senseless ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static String sentence(Exception failure, boolean debug) {
        if (failure instanceof HubException || failure instanceof ConnectorException) return failure.getMessage();
        if (failure instanceof FileSystemException file) return sentence(file);
        if (failure instanceof IOException)
            return failure.getMessage() + " (" + failure.getClass().getSimpleName() + ")";
        return "failed by a fault of the hub: " + failure + (debug ? "" : "; --debug shows where");
    }

    private static String sentence(FileSystemException problem) {
        var path = Path.of(problem.getFile());
        if (problem instanceof AccessDeniedException) return path + " may not be read or written by this user";
        if (problem instanceof NoSuchFileException) {
            var folder = path.toAbsolutePath().getParent();
            return folder == null || Files.isDirectory(folder)
                    ? "there is no file " + path
                    : "there is no folder " + folder;
        }
        return problem.getMessage();
    }
}
