package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.FieldDef;
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
    private Discovery() {}

    /** Tables without a key are left out: their rows cannot be told apart. */
    static Catalog catalog(String system, List<Table> tables, JdbcSettings settings, Dialect dialect) {
        Set<String> names = new HashSet<>();
        tables.stream().filter(table -> !table.id().isEmpty()).forEach(table -> names.add(table.name()));
        List<StreamDef> streams = tables.stream()
                .filter(table -> names.contains(table.name()))
                .map(table -> stream(table, names, settings, dialect))
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

    private static StreamDef stream(Table table, Set<String> names, JdbcSettings settings, Dialect dialect) {
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
                capabilities(table, settings, dialect));
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
                !column.options().isEmpty());
    }

    private static Capabilities capabilities(Table table, JdbcSettings settings, Dialect dialect) {
        boolean tellsDeletes = table.deleted() != null || table.compared() && !table.view(); // rows leave views alive
        Set<Op> ops = table.view()
                ? EnumSet.noneOf(Op.class)
                : EnumSet.of(Op.CREATE, Op.UPDATE, Op.DELETE, Op.CLEAR_FIELD, Op.CONDITIONAL_UPDATE);
        boolean stamps = table.changed() != null;
        Set<Feed> feeds = EnumSet.of(Feed.SNAPSHOT, Feed.INCREMENTAL);
        if (tellsDeletes) feeds.add(Feed.DELETES);
        return new Capabilities(
                ops,
                feeds,
                false, // late commits come out of order
                JdbcWriter.MAX_BATCH,
                false,
                stamps ? granularity(dialect.stampDigits(table.changed())) : Duration.ZERO,
                stamps ? settings.safetyLag() : Duration.ZERO,
                null,
                null,
                null);
    }

    private static Duration granularity(int digits) {
        return Duration.ofNanos(BigInteger.TEN.pow(9 - digits).longValueExact());
    }
}
