package io.kintsugi.connector.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a server that can be cut: at once, or when a word passes. */
final class Wire implements AutoCloseable {
    private final int target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile String word;
    private volatile boolean wordArrives;

    Wire(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on, the wire breaks when a client says this; the server hears it only if {@code arrives}. */
    void cutAt(String word, boolean arrives) {
        this.wordArrives = arrives;
        this.word = word;
    }

    /** Nobody gets through any more. */
    @Override
    public void close() {
        try {
            listening.close();
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cut() throws IOException {
        for (Socket socket : open) socket.close();
        open.clear();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            daemon(() -> carry(client.getInputStream(), server.getOutputStream(), true));
            daemon(() -> carry(server.getInputStream(), client.getOutputStream(), false));
        }
    }

    private void carry(InputStream in, OutputStream out, boolean fromClient) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            String until = word;
            boolean cut = fromClient
                    && until != null
                    && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(until);
            if (!cut || wordArrives) {
                out.write(buffer, 0, read);
                out.flush();
            }
            if (cut) {
                word = null;
                cut();
            }
        }
    }

    private interface Loop {
        void run() throws IOException;
    }

    private static void daemon(Loop loop) {
        Thread thread = new Thread(() -> {
            try {
                loop.run();
            } catch (IOException closed) {
                // the wire was cut or the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
