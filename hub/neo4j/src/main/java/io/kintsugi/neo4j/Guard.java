package io.kintsugi.neo4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Main of the child JVM that holds the embedded Neo4j. Runs the stock server main and leaves as soon as standard input ends, so the
 * database never outlives the hub, however the hub dies. Links to nothing of Neo4j.
 */
public final class Guard {
    private Guard() {}

    /**
     * The first line of standard input is the password to set before the server starts for the first time; an empty one sets none.
     * It comes this way because command lines and environments can be read by others.
     *
     * @param args home folder, folder of the configuration, the server's main class, then its arguments
     */
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        var password = line();
        if (!password.isEmpty()) setInitialPassword(Path.of(args[0]), Path.of(args[1]), password);
        var lifeLine = new Thread(Guard::exitAtEndOfInput, "hub-life-line");
        lifeLine.setDaemon(true);
        lifeLine.start();
        Class.forName(args[2]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 3, args.length));
    }

    private static String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = System.in.read(); next != '\n'; next = System.in.read()) {
            if (next < 0) System.exit(0); // the hub has died already
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What {@code neo4j-admin dbms set-initial-password} does, without the JVM of its own that takes three seconds. */
    private static void setInitialPassword(Path home, Path conf, String password) throws ReflectiveOperationException {
        var contextClass = Class.forName("org.neo4j.cli.ExecutionContext");
        var context = contextClass.getConstructor(Path.class, Path.class).newInstance(home, conf);
        var command = Class.forName("org.neo4j.commandline.admin.security.SetInitialPasswordCommand")
                .getConstructor(contextClass)
                .newInstance(context);
        var commandLine = Class.forName("picocli.CommandLine");
        var code = (int) commandLine
                .getMethod("execute", String[].class)
                .invoke(commandLine.getConstructor(Object.class).newInstance(command), (Object)
                        new String[] {password});
        if (code != 0) System.exit(code);
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // the hub never writes more; only the end of the stream means something
            }
        } catch (IOException e) {
            // a broken pipe says the same as its end
        }
        System.exit(0); // runs Neo4j's shutdown hook: a clean store
    }
}
