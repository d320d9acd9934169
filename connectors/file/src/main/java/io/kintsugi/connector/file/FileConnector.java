package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.Cursor.Kind;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed.Source;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Reading;
import io.kintsugi.connector.spi.Capabilities.Writing;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A folder as a system. */
final class FileConnector implements Connector {
    private final String system;
    private final Settings settings;
    private final Folder folder;
    private final Finder finder;
    private final Snapshots snapshots;
    private final Differ differ;
    private final Rewriter rewriter;

    FileConnector(String system, Settings settings, Clock clock) {
        this.system = system;
        this.settings = settings;
        this.folder = new Folder(settings);
        this.finder = new Finder(folder, settings);
        this.snapshots = new Snapshots(folder, settings);
        this.differ = new Differ(folder, settings, clock);
        this.rewriter = new Rewriter(folder, settings, clock);
    }

    @Override
    public CheckReport check() throws ConnectorException {
        List<String> problems = new ArrayList<>();
        Map<String, StreamFiles> streams = folder.streams();
        for (StreamFiles stream : streams.values()) {
            try {
                folder.columns(stream);
            } catch (ConnectorException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add(Trouble.of(e, "reading " + stream.name()).getMessage());
            }
        }
        for (Map.Entry<String, String> configured : settings.streams().entrySet())
            if (!streams.containsKey(configured.getKey()))
                problems.add("no file " + configured.getValue() + " is in " + settings.folder());
        if (!Files.isWritable(settings.folder()))
            problems.add("the folder " + settings.folder() + " cannot be written; rows cannot be changed and, without"
                    + " setting stateFolder, polls cannot remember what they read");
        return new CheckReport(
                problems.isEmpty(),
                problems,
                Map.of("folder", settings.folder().toString(), "streams", String.join(", ", streams.keySet())));
    }

    /** Leaves out streams that cannot be read; {@link #check()} says why. */
    @Override
    public Catalog discover() throws ConnectorException {
        List<StreamDef> definitions = new ArrayList<>();
        StringBuilder shape = new StringBuilder();
        for (StreamFiles stream : folder.streams().values()) {
            try {
                Set<String> columns = folder.columns(stream);
                definitions.add(definition(stream, columns));
                shape.append(stream.name())
                        .append(stream.writable())
                        .append(columns)
                        .append('\n');
            } catch (ConnectorException.Misconfigured | ConnectorException.Transient e) {
                continue;
            } catch (IOException e) {
                throw Trouble.of(e, "reading " + stream.name());
            }
        }
        String fingerprint = new Hash.Maker().of(shape.toString()).toString();
        return new Catalog(system, definitions, fingerprint);
    }

    private StreamDef definition(StreamFiles stream, Set<String> columns) {
        String id = settings.idColumn(stream.name());
        List<FieldDef> fields = new ArrayList<>();
        for (String column : columns) {
            boolean isId = column.equals(id);
            fields.add(new FieldDef(
                    column,
                    FieldDef.FieldType.STRING,
                    stream.writable(),
                    stream.writable() && !isId,
                    !isId,
                    isId,
                    true,
                    false,
                    null,
                    List.of(),
                    false));
        }
        boolean dated = settings.changedColumn(stream.name()) != null;
        Reading reading = new Reading(
                new Cursor(Kind.COMPARISON, dated ? Duration.ofSeconds(1) : Duration.ZERO, false, null),
                new DeleteFeed(Source.COMPARISON, Duration.ZERO, null),
                null,
                settings.quiet(),
                Integer.MAX_VALUE);
        Capabilities can = new Capabilities(
                stream.writable()
                        ? Set.of(Op.CREATE, Op.UPDATE, Op.DELETE, Op.CLEAR_FIELD, Op.CONDITIONAL_UPDATE)
                        : Set.of(),
                Set.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES),
                reading,
                stream.writable() ? new Writing(Rewriter.MAX_BATCH, false, Set.of(id)) : Writing.NONE,
                List.of(),
                null);
        StreamDef.IdRules ids = new StreamDef.IdRules(true, false, false, false);
        return new StreamDef(stream.name(), stream.name(), fields, List.of(), ids, can);
    }

    @Override
    public Lookups lookups() {
        return finder;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == SnapshotSource.class) return Optional.of(type.cast(snapshots));
        if (type == ChangeSource.class) return Optional.of(type.cast(differ));
        if (type == Writer.class && settings.writesSomewhere()) return Optional.of(type.cast(rewriter));
        return Optional.empty();
    }

    @Override
    public void close() {
        snapshots.close();
        differ.close();
    }
}
