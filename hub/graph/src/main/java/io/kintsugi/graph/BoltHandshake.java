package io.kintsugi.graph;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Asks whether a Bolt server answers at a port of this machine, by the first step of the protocol (Neo4j, "Bolt Protocol handshake
 * specification"). That a port can be connected to says less: a port of the range that clients are given can even be connected to
 * itself while nobody listens, and then answers with whatever it is told.
 */
final class BoltHandshake {
    private static final int MAGIC = 0x6060B017;
    /** 5.0 to 5.8, and 4.2 to 4.4. */
    private static final int[] VERSIONS = {0x00080805, 0x00020404, 0, 0};

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private BoltHandshake() {}

    /** @return false also if something else than Bolt answers, or nothing within two seconds */
    static boolean answered(int port) {
        try (var socket = new Socket()) {
            int millis = (int) PATIENCE.toMillis();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            var ask = ByteBuffer.allocate(20).putInt(MAGIC);
            for (int version : VERSIONS) ask.putInt(version);
            socket.getOutputStream().write(ask.array());
            var answer = socket.getInputStream().readNBytes(4);
            if (answer.length < 4) return false;
            int version = ByteBuffer.wrap(answer).getInt();
            return version != 0 && version != MAGIC;
        } catch (IOException e) {
            return false;
        }
    }
}
