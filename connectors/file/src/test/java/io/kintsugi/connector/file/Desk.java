package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.SnapshotSource.Page;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder, a connector to it, and short words for what tests do with them. */
final class Desk implements AutoCloseable {
    final Path folder;
    final FolderSubject.MovingClock clock = new FolderSubject.MovingClock();
    Connector connector;
    private final Map<String, Object> settings = new HashMap<>();

    Desk(Path folder, Object... settings) throws ConnectorException {
        this.folder = folder;
        this.settings.put("folder", folder.toString());
        set(settings);
    }

    /** Opens a new connector with more settings: name, value, name, value. */
    void set(Object... more) throws ConnectorException {
        for (int i = 0; i < more.length; i += 2) settings.put((String) more[i], more[i + 1]);
        close();
        connector = new FileConnectorFactory().open("files", settings, new ConnectorContext() {
            @Override
            public Clock clock() {
                return clock;
            }

            @Override
            public SecretStore secrets() {
                throw new UnsupportedOperationException("files need no secrets");
            }

            @Override
            public RateGate gate(String bucket) {
                throw new UnsupportedOperationException("files have no quota");
            }
        });
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    Page read(String stream) throws ConnectorException {
        clock.pass(Duration.ofMinutes(1));
        return connector.facet(SnapshotSource.class).orElseThrow().page(new Query(stream, List.of()), null, 1_000_000);
    }

    /** Values of one column, in the order of the rows. */
    List<Object> column(String stream, String column) throws ConnectorException {
        return read(stream).records().stream()
                .map(NativeRecord::fields)
                .map(fields -> fields.get(column))
                .toList();
    }

    ChangeSource changes() {
        clock.pass(Duration.ofMinutes(1));
        return connector.facet(ChangeSource.class).orElseThrow();
    }

    List<WriteResult> write(String stream, WriteOp... ops) throws ConnectorException {
        clock.pass(Duration.ofMinutes(1));
        return writeAtOnce(stream, ops);
    }

    List<WriteResult> writeAtOnce(String stream, WriteOp... ops) throws ConnectorException {
        return connector
                .facet(Writer.class)
                .orElseThrow()
                .write(stream, List.of(ops), new Writer.WriteOptions(null, Duration.ofMinutes(1)));
    }

    @Override
    public void close() {
        if (connector != null) connector.close();
    }
}
