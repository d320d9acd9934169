package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks records up by reading the files through, once for all that is asked in a call. */
final class Finder implements Lookups {
    private final Folder folder;
    private final Settings settings;

    Finder(Folder folder, Settings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        StreamFiles stream = folder.answering(query);
        Map<String, Lookup> answers = new HashMap<>();
        for (String id : ids) answers.put(id, new Lookup.Unknown());
        if (ids.isEmpty()) return answers;
        String changed = settings.changedColumn(stream.name());
        try (RowReader rows = folder.read(stream)) {
            for (Row row = rows.next(); row != null; row = rows.next())
                if (row.problem() == null && answers.containsKey(row.id()))
                    answers.put(row.id(), new Lookup.Found(row.record(query, changed)));
        } catch (IOException e) {
            throw Trouble.of(e, "looking up in " + stream.name());
        }
        return answers;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        StreamFiles stream = folder.answering(query);
        Map<String, List<NativeRecord>> answers = new HashMap<>();
        for (String value : values) answers.put(value, new ArrayList<>());
        String changed = settings.changedColumn(stream.name());
        try (RowReader rows = folder.read(stream)) {
            folder.requireFields(stream, List.of(keyField));
            if (values.isEmpty()) return answers;
            for (Row row = rows.next(); row != null; row = rows.next())
                if (row.problem() == null
                        && row.fields().get(keyField) instanceof String key
                        && answers.containsKey(key)) answers.get(key).add(row.record(query, changed));
        } catch (IOException e) {
            throw Trouble.of(e, "looking up in " + stream.name());
        }
        return answers;
    }
}
