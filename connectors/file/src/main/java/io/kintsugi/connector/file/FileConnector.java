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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private final boolean writes;

    FileConnector(String system, Settings settings, Clock clock) {
        this.system = system;
        this.settings = settings;
        this.folder = new Folder(settings, clock);
        this.finder = new Finder(folder, settings);
        this.snapshots = new Snapshots(folder, settings);
        this.differ = new Differ(folder, settings, clock);
        this.rewriter = new Rewriter(folder, settings, clock);
        this.writes = settings.idsNameRows()
                && settings.writesSomewhere()
                && (!Files.exists(settings.folder()) || Files.isWritable(settings.folder()));
    }

    /** A file that nobody named may be anything, so that it is left out; one that the settings name has to be readable. */
    @Override
    public CheckReport check() throws ConnectorException {
        List<String> problems = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Map<String, StreamFiles> streams = folder.streams();
        for (StreamFiles stream : streams.values()) {
            String trouble = trouble(stream);
            if (trouble != null) (settings.streams().containsKey(stream.name()) ? problems : leftOut).add(trouble);
        }
        for (Map.Entry<String, String> configured : settings.streams().entrySet())
            if (!streams.containsKey(configured.getKey()))
                problems.add("no file " + configured.getValue() + " is in " + settings.folder());
        if (!isWritableOrCanBeMade(settings.stateFolder()))
            problems.add(
                    "the folder " + settings.stateFolder() + " cannot be written, so that polls cannot remember what"
                            + " they read; name another in setting stateFolder");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("folder", settings.folder().toString());
        facts.put("streams", String.join(", ", streams.keySet()));
        if (!leftOut.isEmpty()) facts.put("left out", String.join("; ", leftOut));
        if (!Files.isWritable(settings.folder())) facts.put("writing", "the folder is read-only");
        return new CheckReport(problems.isEmpty(), problems, facts);
    }

    private String trouble(StreamFiles stream) {
        try {
            folder.columns(stream);
            return null;
        } catch (ConnectorException e) {
            return e.getMessage();
        } catch (IOException e) {
            return Trouble.of(e, "reading " + stream.name()).getMessage();
        }
    }

    private static boolean isWritableOrCanBeMade(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) there = there.getParent();
        return there != null && Files.isDirectory(there) && Files.isWritable(there);
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
        boolean polled = settings.idsNameRows();
        boolean writable = stream.writable() && polled;
        List<FieldDef> fields = new ArrayList<>();
        for (String column : columns) {
            boolean isId = column.equals(id);
            fields.add(new FieldDef(
                    column,
                    FieldDef.FieldType.STRING,
                    writable,
                    writable && !isId,
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
                polled ? new Cursor(Kind.COMPARISON, dated ? Duration.ofSeconds(1) : Duration.ZERO, false, null) : null,
                polled ? new DeleteFeed(Source.COMPARISON, Duration.ZERO, null) : null,
                null,
                settings.quiet(),
                Integer.MAX_VALUE);
        Capabilities can = new Capabilities(
                writable ? Set.of(Op.CREATE, Op.UPDATE, Op.DELETE, Op.CLEAR_FIELD, Op.CONDITIONAL_UPDATE) : Set.of(),
                polled ? Set.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES) : Set.of(Feed.SNAPSHOT),
                reading,
                writable ? new Writing(Rewriter.MAX_BATCH, false, Set.of(id)) : Writing.NONE,
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
        if (type == ChangeSource.class && settings.idsNameRows()) return Optional.of(type.cast(differ));
        if (type == Writer.class && writes) return Optional.of(type.cast(rewriter));
        return Optional.empty();
    }

    @Override
    public void close() {
        snapshots.close();
        differ.close();
    }
}
