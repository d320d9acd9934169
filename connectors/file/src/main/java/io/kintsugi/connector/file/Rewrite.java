package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteOp.Create;
import io.kintsugi.connector.spi.WriteOp.Delete;
import io.kintsugi.connector.spi.WriteOp.Update;
import io.kintsugi.connector.spi.WriteResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One attempt to apply a batch to a file: first reads and decides every op, then writes the file anew. */
final class Rewrite {
    private static final int SAMPLES = 50;

    private record Edit(long from, long to, byte[] text) {}

    private final StreamFiles stream;
    private final Folder folder;
    private final List<WriteOp> ops;
    private final String linkKeyField;
    private final String idColumn;
    private final String changedColumn;
    private final Layout layout;
    private final Set<String> columns;
    private final RowText rowText;
    private final CharsetEncoder encoder;

    private final Map<String, WriteResult> results = new HashMap<>(); // by op id
    private final Map<String, WriteOp> byId = new HashMap<>(); // updates and deletes that still look for their row
    private final Map<String, Create> createsById = new LinkedHashMap<>();
    private final Map<String, Create> createsByLinkKey = new HashMap<>();
    private final Map<String, Map<String, Object>> created = new HashMap<>(); // values by op id
    private final Map<Long, Edit> edits = new TreeMap<>();
    private final Map<String, Long> editOf = new HashMap<>(); // by record id
    private final List<byte[]> added = new ArrayList<>();

    Rewrite(Folder folder, Settings settings, StreamFiles stream, List<WriteOp> ops, String linkKeyField)
            throws IOException, ConnectorException {
        this.folder = folder;
        this.stream = stream;
        this.ops = ops;
        this.linkKeyField = linkKeyField;
        this.idColumn = settings.idColumn(stream.name());
        this.changedColumn = settings.changedColumn(stream.name());
        this.layout = folder.layout(stream, stream.files().get(0));
        this.columns = folder.columns(stream);
        this.rowText = new RowText(layout);
        this.encoder = layout.charset().newEncoder();
    }

    boolean changesAnything() {
        return !edits.isEmpty() || !added.isEmpty();
    }

    List<WriteResult> results() {
        return ops.stream().map(op -> results.get(op.opId())).toList();
    }

    /** Decides every op; the file is only read. */
    void plan() throws IOException, ConnectorException {
        for (WriteOp op : ops) accept(op);
        try (RowReader rows = folder.read(stream);
                RandomAccessFile file = new RandomAccessFile(layout.file().toFile(), "r")) {
            int samples = createsById.isEmpty() ? 0 : SAMPLES;
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.problem() == null && samples-- > 0) rowText.learn(line(file, row));
                meet(row, file);
            }
        }
        byId.forEach((id, op) -> reject(op, Code.NOT_FOUND, null, "no row has the " + idColumn + " " + id));
        for (Map.Entry<String, Create> each : createsById.entrySet()) add(each.getKey(), each.getValue());
    }

    private void accept(WriteOp op) {
        if (op instanceof Create create) {
            accept(create);
        } else if (op instanceof Update update) {
            Map<String, Object> changed = new LinkedHashMap<>(update.set());
            update.clear().forEach(field -> changed.put(field, null));
            if (changed.containsKey(idColumn))
                reject(op, Code.FIELD_NOT_WRITABLE, idColumn, "the id of a row cannot be changed");
            else if (isWritable(op, changed)) byId.put(update.id(), op);
        } else if (op instanceof Delete delete) {
            byId.put(delete.id(), op);
        }
    }

    private void accept(Create create) {
        Map<String, Object> values = new LinkedHashMap<>(create.set());
        if (linkKeyField != null) values.put(linkKeyField, create.linkKey());
        if (RowText.text(values.get(idColumn)) == null) values.put(idColumn, create.linkKey());
        String id = RowText.text(values.get(idColumn));
        if (id == null || id.isBlank()) {
            reject(create, Code.REQUIRED_MISSING, idColumn, "a new row needs an id or a link key");
            return;
        }
        if (!isWritable(create, values)) return;
        Create twin = createsById.putIfAbsent(id, create);
        if (twin == null && linkKeyField != null) twin = createsByLinkKey.putIfAbsent(create.linkKey(), create);
        if (twin != null) {
            createsById.remove(id, create);
            reject(create, Code.DUPLICATE, null, "another op of the batch creates the same row");
            return;
        }
        created.put(create.opId(), values);
    }

    private boolean isWritable(WriteOp op, Map<String, Object> values) {
        for (Map.Entry<String, Object> each : values.entrySet()) {
            String text = RowText.text(each.getValue());
            if (!columns.contains(each.getKey())) {
                reject(op, Code.UNKNOWN_FIELD, each.getKey(), layout.file().getFileName() + " has no such column");
                return false;
            }
            if (text != null && !encoder.canEncode(text)) {
                reject(
                        op,
                        Code.VALIDATION,
                        each.getKey(),
                        "the file is " + layout.charset() + ", which has not all characters of the value");
                return false;
            }
        }
        return true;
    }

    private void reject(WriteOp op, Code code, String field, String why, String... existing) {
        RecordError error = new RecordError(code, field, null, why, List.of(existing), false);
        results.put(op.opId(), new WriteResult.Rejected(op.opId(), error));
    }

    private void meet(Row row, RandomAccessFile file) throws IOException {
        if (row.id() == null) return;
        refuseTwin(createsById.get(row.id()), row);
        if (linkKeyField != null && row.fields().get(linkKeyField) instanceof String key)
            refuseTwin(createsByLinkKey.get(key), row);
        if (row.problem() != null) {
            meetBroken(row);
        } else if (byId.get(row.id()) instanceof Update update) {
            update(update, row, file);
        } else if (byId.get(row.id()) instanceof Delete delete) {
            byId.remove(row.id());
            if (isConflict(delete, delete.expected(), row)) return;
            edit(row, new byte[0]);
            results.put(delete.opId(), new WriteResult.Applied(delete.opId(), row.id(), false, null, null));
        }
    }

    private void refuseTwin(Create create, Row row) {
        if (create == null) return;
        created.remove(create.opId());
        reject(create, Code.DUPLICATE, null, row.place() + " holds it already", row.id());
    }

    /** A second row with the same id, or one that cannot be read: nobody knows which is meant, so neither is touched. */
    private void meetBroken(Row row) {
        Long edit = editOf.remove(row.id());
        if (edit != null) edits.remove(edit);
        WriteOp op = byId.remove(row.id());
        if (op == null)
            op = ops.stream()
                    .filter(each -> row.id().equals(target(each)))
                    .findFirst()
                    .orElse(null);
        if (op != null) reject(op, Code.AMBIGUOUS_KEY, idColumn, row.place() + " " + row.problem());
    }

    private static String target(WriteOp op) {
        if (op instanceof Update update) return update.id();
        return op instanceof Delete delete ? delete.id() : null;
    }

    private void update(Update update, Row row, RandomAccessFile file) throws IOException {
        byId.remove(row.id());
        if (isConflict(update, update.expected(), row)) return;
        Map<String, Object> changed = new LinkedHashMap<>(update.set());
        update.clear().forEach(field -> changed.put(field, null));
        Map<String, Object> after = new LinkedHashMap<>(row.fields());
        changed.forEach((field, value) -> after.put(field, RowText.text(value)));
        if (!after.equals(row.fields())) {
            byte[] text = rowText.changed(line(file, row), after, changed).getBytes(layout.charset());
            if (isTooLong(update, text)) return;
            edit(row, text);
        }
        results.put(update.opId(), applied(update, row.id(), after, false));
    }

    private boolean isConflict(WriteOp op, Map<String, Object> allExpected, Row row) {
        for (Map.Entry<String, Object> each : allExpected.entrySet()) {
            String expected = RowText.text(each.getValue());
            Object is = row.fields().get(each.getKey());
            if (expected == null ? is == null : expected.equals(is)) continue;
            reject(op, Code.VERSION_CONFLICT, each.getKey(), row.place() + " was changed since it was read");
            return true;
        }
        return false;
    }

    private boolean isTooLong(WriteOp op, byte[] text) {
        if (text.length <= layout.maxLength()) return false;
        reject(
                op,
                Code.VALIDATION,
                null,
                "the row would be longer than " + layout.maxLength() + " bytes (setting maxRecordLength)");
        return true;
    }

    private WriteResult applied(WriteOp op, String id, Map<String, Object> fields, boolean isNew) {
        Query all = new Query(stream.name(), List.of());
        return new WriteResult.Applied(op.opId(), id, isNew, null, Row.record(all, changedColumn, id, fields));
    }

    private void edit(Row row, byte[] text) {
        edits.put(row.from(), new Edit(row.from(), row.to(), text));
        editOf.put(row.id(), row.from());
    }

    private String line(RandomAccessFile file, Row row) throws IOException {
        byte[] bytes = new byte[(int) (row.to() - row.from())];
        file.seek(row.from());
        file.readFully(bytes);
        return new String(bytes, layout.charset());
    }

    private void add(String id, Create create) throws IOException {
        Map<String, Object> values = created.get(create.opId());
        if (values == null) return; // refused meanwhile
        byte[] text = rowText.created(columns, values).getBytes(layout.charset());
        if (isTooLong(create, text)) return;
        added.add(text);
        Map<String, Object> after = new LinkedHashMap<>();
        columns.forEach(column -> after.put(column, RowText.text(values.get(column))));
        results.put(create.opId(), applied(create, id, after, true));
    }

    /** Copies the file with the edits in place and the new rows at its end; on the disk when it returns. */
    void writeTo(Path file, Path draft) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            long copied = 0;
            for (Edit edit : edits.values()) {
                copy(in, copied, edit.from(), out);
                SafeFile.write(out, edit.text());
                copied = edit.to();
            }
            copy(in, copied, in.size(), out);
            if (!added.isEmpty() && lacksLineEnd(in, copied))
                SafeFile.write(out, layout.lineEnd().getBytes(layout.charset()));
            for (byte[] row : added) SafeFile.write(out, row);
            out.force(true);
        }
    }

    private static void copy(FileChannel in, long from, long to, FileChannel out) throws IOException {
        long position = from;
        while (position < to) {
            long moved = in.transferTo(position, to - position, out);
            if (moved <= 0) throw new IOException("the file became shorter while it was copied");
            position += moved;
        }
    }

    /** Whether the last row, which was copied as it is, does not end its line. */
    private boolean lacksLineEnd(FileChannel in, long copied) throws IOException {
        if (in.size() <= Math.max(copied, layout.bom())) return false;
        ByteBuffer last = ByteBuffer.allocate(1);
        in.read(last, in.size() - 1);
        return last.get(0) != '\n' && last.get(0) != '\r';
    }
}
