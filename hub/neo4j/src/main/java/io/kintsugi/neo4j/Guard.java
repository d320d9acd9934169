package io.kintsugi.neo4j;

import java.io.IOException;
import java.util.Arrays;

/**
 * Main of the child JVM that holds the embedded Neo4j. Runs the stock server main named by the first argument and leaves as soon
 * as standard input ends, so the database never outlives the hub, however the hub dies. Links to nothing of Neo4j.
 */
public final class Guard {
    private Guard() {}

    /** @param args the server's main class, then its arguments */
    public static void main(String[] args) throws ReflectiveOperationException {
        var lifeLine = new Thread(Guard::exitAtEndOfInput, "hub-life-line");
        lifeLine.setDaemon(true);
        lifeLine.start();
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 1, args.length));
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // the hub never writes; only the end of the stream means something
            }
        } catch (IOException e) {
            // a broken pipe says the same as its end
        }
        System.exit(0); // runs Neo4j's shutdown hook: a clean store
    }
}
