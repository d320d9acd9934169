package io.kintsugi.connector.jdbc;

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
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.StreamDef.IdRules;
import io.kintsugi.connector.spi.StreamDef.RelationDef;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Describes tables in the terms of the hub. */
final class Discovery {
    private static final Set<FieldType> TEXTS = EnumSet.of(FieldType.STRING, FieldType.TEXT);

    private Discovery() {}

    /** Tables without a key are left out: their rows cannot be told apart. */
    static Catalog catalog(String system, List<Table> tables, JdbcSettings settings) {
        Set<String> names = new HashSet<>();
        tables.stream().filter(table -> !table.id().isEmpty()).forEach(table -> names.add(table.name()));
        List<StreamDef> streams = tables.stream()
                .filter(table -> names.contains(table.name()))
                .map(table -> stream(table, names, settings))
                .toList();
        return new Catalog(system, streams, fingerprint(streams));
    }

    /** Of what has the same text in every process, which sets of several have not. */
    private static String fingerprint(List<StreamDef> streams) {
        StringBuilder text = new StringBuilder();
        for (StreamDef stream : streams)
            text.append(stream.name())
                    .append(stream.fields())
                    .append(stream.relations())
                    .append(stream.ids());
        return Long.toHexString(Projection.digest(text.toString()));
    }

    private static StreamDef stream(Table table, Set<String> names, JdbcSettings settings) {
        List<FieldDef> fields =
                table.columns().stream().map(column -> field(table, column)).toList();
        List<RelationDef> relations = table.references().stream()
                .filter(reference -> names.contains(reference.target()))
                .map(reference -> new RelationDef(
                        reference.column(),
                        reference.column(),
                        Set.of(reference.target()),
                        false,
                        !table.column(reference.column()).nullable()))
                .toList();
        return new StreamDef(
                table.name(),
                table.name(),
                fields,
                relations,
                new IdRules(table.caseSensitiveIds(), false, false, false),
                capabilities(table, settings));
    }

    private static FieldDef field(Table table, Column column) {
        boolean writable = !table.view() && !column.generated();
        return new FieldDef(
                column.name(),
                column.fieldType(),
                writable,
                writable && !table.id().contains(column),
                column.nullable(),
                column.unique(),
                column.unique(),
                column.generated(),
                column.maxLength(),
                column.options(),
                !column.options().isEmpty(),
                column.filled(),
                null);
    }

    private static Capabilities capabilities(Table table, JdbcSettings settings) {
        Set<Op> ops = table.view()
                ? EnumSet.noneOf(Op.class)
                : EnumSet.of(
                        Op.CREATE,
                        Op.UPDATE,
                        table.deleted() == null ? Op.DELETE : Op.ARCHIVE,
                        Op.CLEAR_FIELD,
                        Op.CONDITIONAL_UPDATE);
        Set<Feed> feeds = EnumSet.of(Feed.SNAPSHOT, Feed.INCREMENTAL);
        DeleteFeed deletes = deletes(table);
        if (deletes != null) feeds.add(Feed.DELETES);
        boolean stamps = table.changed() != null;
        Cursor cursor = stamps // late commits come out of order
                ? new Cursor(Kind.STAMP, granularity(table.changed().digits()), false, null)
                : new Cursor(Kind.COMPARISON, Duration.ZERO, false, null);
        Duration lag = stamps ? settings.safetyLag() : Duration.ZERO;
        return new Capabilities(
                ops,
                feeds,
                new Reading(cursor, deletes, null, lag, Integer.MAX_VALUE),
                table.view() ? Writing.NONE : new Writing(JdbcWriter.MAX_BATCH, false, linkKeys(table)),
                List.of(),
                null);
    }

    /** A row that leaves a view may be alive, so a comparison proves nothing there. */
    private static DeleteFeed deletes(Table table) {
        if (table.compared() && !table.view())
            return new DeleteFeed(
                    Source.COMPARISON, table.changed() == null ? Duration.ZERO : table.compareEvery(), null);
        return table.deleted() == null ? null : new DeleteFeed(Source.TOMBSTONE, Duration.ZERO, null);
    }

    private static Duration granularity(int digits) {
        return Duration.ofNanos(BigInteger.TEN.pow(9 - digits).longValueExact());
    }

    private static Set<String> linkKeys(Table table) {
        Set<String> keys = new HashSet<>();
        for (Column column : table.columns())
            if (column.unique() && !column.generated() && TEXTS.contains(column.fieldType())) keys.add(column.name());
        return keys;
    }
}
