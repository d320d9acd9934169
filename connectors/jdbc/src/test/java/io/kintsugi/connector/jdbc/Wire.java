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
import java.util.concurrent.atomic.AtomicBoolean;

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

    /** The wire breaks when a client next says this: before the server hears it, or when the server answers it. */
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
            if (listening.isClosed()) cut(); // whoever closed the wire had not seen these two
            AtomicBoolean said = new AtomicBoolean();
            daemon(() -> carry(client.getInputStream(), server.getOutputStream(), said, true));
            daemon(() -> carry(server.getInputStream(), client.getOutputStream(), said, false));
        }
    }

    private void carry(InputStream in, OutputStream out, AtomicBoolean said, boolean fromClient) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            boolean cut = !fromClient && said.get();
            if (fromClient && says(buffer, read)) {
                word = null;
                said.set(wordArrives);
                cut = !wordArrives;
            }
            if (cut) {
                cut();
                return;
            }
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private boolean says(byte[] buffer, int length) {
        String until = word;
        return until != null && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(until);
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
