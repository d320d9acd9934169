package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BoltHandshakeTest {
    /** Answers one connection: with what it is told if {@code answer} is null. */
    private static boolean asked(byte[] answer) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var answering = new Thread(() -> {
                try (var socket = server.accept()) {
                    var told = socket.getInputStream().readNBytes(20);
                    socket.getOutputStream().write(answer == null ? told : answer);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            answering.start();
            boolean answered = BoltHandshake.answered(server.getLocalPort());
            answering.join();
            return answered;
        }
    }

    @Test
    @DisplayName("a server that chooses a version is ready")
    void bolt() throws Exception {
        assertThat(asked(new byte[] {0, 0, 4, 5})).isTrue();
    }

    @Test
    @DisplayName("what knows no version, says too little, or gives back what it is told is no Bolt server")
    void somethingElse() throws Exception {
        assertThat(asked(new byte[] {0, 0, 0, 0})).isFalse();
        assertThat(asked(new byte[] {'H', 'T'})).isFalse();
        assertThat(asked(null)).isFalse();
    }

    @Test
    @DisplayName("where nobody listens there is no Bolt server")
    void nobody() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertThat(BoltHandshake.answered(port)).isFalse();
    }
}
