package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorSpec.Setting;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of one database, parsed once.
 *
 * @param password the password itself or {@code secret:} and the name of one; null if none
 * @param schema null for the one the account lands in
 * @param streams what is special about a table, by its name; other tables with a primary key are streams as they are
 * @param zone zone of date-times that the database stores without one; null if not said
 * @param stateFolder where images of large tables are kept; null if nowhere
 * @param maxShrinkPercent share of the rows of a compared table that may be gone and still be believed to be deleted
 * @param compareEvery how often a table with a stamp column is also compared whole; zero for never
 * @param readTimeout how long the database may leave the hub waiting for the next bytes of an answer
 */
record JdbcSettings(
        String url,
        String user,
        String password,
        String schema,
        Map<String, StreamSettings> streams,
        Duration safetyLag,
        Duration overlap,
        int poolSize,
        Duration connectTimeout,
        ZoneId zone,
        Path stateFolder,
        int maxShrinkPercent,
        Duration compareEvery,
        Duration readTimeout) {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    static final List<Setting> SPEC = List.of(
            new Setting(
                    "url",
                    true,
                    false,
                    "jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:sqlite: URL without a password"),
            new Setting("user", false, false, "Account; not for SQLite"),
            new Setting("password", false, true, "Password of the account, or secret:name of a stored one"),
            new Setting("schema", false, false, "Schema with the tables; the account's own by default"),
            new Setting(
                    "streams",
                    false,
                    false,
                    "By table: id (column or list of columns), changed (stamp column), deleted (column, or column and value),"
                            + " linkKey (unique column), version (column), compareEvery"),
            new Setting("safetyLag", false, false, "How close to now changes are read, for example 5s (default 2s)"),
            new Setting(
                    "overlap", false, false, "How far back changes are read again to find late commits (default 60s)"),
            new Setting("poolSize", false, false, "Connections at most (default 4)"),
            new Setting("connectTimeout", false, false, "How long to wait for a connection (default 5s)"),
            new Setting("readTimeout", false, false, "How long to wait for the next bytes of an answer (default 2m)"),
            new Setting(
                    "timeZone",
                    false,
                    false,
                    "Zone of date-times stored without one (default UTC); to be given if a stamp column has none"),
            new Setting(
                    "compareEvery",
                    false,
                    false,
                    "How often a table with a stamp column is also read whole, to find hard deletes and stamps that were not"
                            + " maintained (default 15m; 0s for never)"),
            new Setting(
                    "maxShrinkPercent",
                    false,
                    false,
                    "If a larger share of a compared table is gone, no deletes are told, until a person raises it (default 20)"),
            new Setting("stateFolder", false, false, "Folder for images of large tables that are compared"));

    /**
     * What is special about one table. Every part may be null: the primary key is the id, changes come from comparing scans,
     * deleted rows are gone, creates are not protected against repetition, updates are guarded by the expected values alone, and
     * {@code compareEvery} is that of the system.
     */
    record StreamSettings(
            List<String> id, String changed, Deleted deleted, String linkKey, String version, Duration compareEvery) {
        static final StreamSettings NONE = new StreamSettings(null, null, null, null, null, null);
    }

    /** Rows whose {@code column} holds {@code value} are deleted; with a null value, rows that hold a date or true there. */
    record Deleted(String column, String value) {}

    /** @throws Misconfigured naming the setting that is missing, unknown or wrong */
    static JdbcSettings parse(Map<String, Object> settings) throws Misconfigured {
        Reader reader = new Reader("", settings);
        reader.refuseUnknown(SPEC.stream().map(Setting::name).toList());
        String url = reader.text("url");
        if (url == null) throw new Misconfigured("url", "is missing; give a jdbc: URL");
        Duration safetyLag = reader.duration("safetyLag", Duration.ofSeconds(2));
        Duration overlap = reader.duration("overlap", Duration.ofSeconds(60));
        Duration connectTimeout = reader.duration("connectTimeout", Duration.ofSeconds(5));
        if (connectTimeout.compareTo(Duration.ofMillis(250)) < 0)
            throw new Misconfigured("connectTimeout", "is too short; give 250ms or more");
        Duration readTimeout = reader.duration("readTimeout", Duration.ofMinutes(2));
        if (readTimeout.compareTo(Duration.ofSeconds(1)) < 0)
            throw new Misconfigured("readTimeout", "is too short; give 1s or more");
        String folder = reader.text("stateFolder");
        return new JdbcSettings(
                url,
                reader.text("user"),
                reader.password(),
                reader.text("schema"),
                streams(settings.get("streams")),
                safetyLag,
                overlap,
                reader.number("poolSize", 4, 1, 99),
                connectTimeout,
                reader.zone(),
                folder == null ? null : Path.of(folder),
                reader.number("maxShrinkPercent", 20, 0, 100),
                reader.duration("compareEvery", Duration.ofMinutes(15)),
                readTimeout);
    }

    /** The zone said, or UTC. */
    ZoneId zoneOrUtc() {
        return zone == null ? ZoneOffset.UTC : zone;
    }

    StreamSettings stream(String name) {
        return streams.getOrDefault(name, StreamSettings.NONE);
    }

    private static Map<String, StreamSettings> streams(Object value) throws Misconfigured {
        Map<String, StreamSettings> streams = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : map("streams", value).entrySet()) {
            String path = "streams." + entry.getKey();
            Reader reader = new Reader(path + ".", map(path, entry.getValue()));
            reader.refuseUnknown(List.of("id", "changed", "deleted", "linkKey", "version", "compareEvery"));
            streams.put(
                    entry.getKey(),
                    new StreamSettings(
                            reader.texts("id"),
                            reader.text("changed"),
                            reader.deleted(),
                            reader.text("linkKey"),
                            reader.text("version"),
                            reader.duration("compareEvery", null)));
        }
        return streams;
    }

    private static Map<String, Object> map(String path, Object value) throws Misconfigured {
        if (value == null) return Map.of();
        if (!(value instanceof Map<?, ?> map)) throw new Misconfigured(path, "must be a map");
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((key, part) -> result.put(String.valueOf(key), part));
        return result;
    }

    /** Reads one level of settings; {@code path} names it in messages. */
    private record Reader(String path, Map<String, Object> values) {
        void refuseUnknown(List<String> known) throws Misconfigured {
            for (String name : values.keySet())
                if (!known.contains(name))
                    throw new Misconfigured(path + name, "is unknown; known are " + String.join(", ", known));
        }

        String text(String name) throws Misconfigured {
            Object value = values.get(name);
            if (value == null) return null;
            if (value instanceof Map || value instanceof Iterable)
                throw new Misconfigured(path + name, "must be a single value");
            String text = value.toString().strip();
            if (text.isEmpty()) throw new Misconfigured(path + name, "is blank; leave it out or fill it");
            return text;
        }

        /** As it is: blanks may be part of it. */
        String password() {
            Object value = values.get("password");
            return value == null || value.toString().isEmpty() ? null : value.toString();
        }

        List<String> texts(String name) throws Misconfigured {
            if (!(values.get(name) instanceof List<?> list)) {
                String text = text(name);
                return text == null ? null : List.of(text);
            }
            List<String> texts = list.stream().map(String::valueOf).toList();
            if (texts.isEmpty()
                    || Set.copyOf(texts).size() < texts.size()
                    || texts.stream().anyMatch(String::isBlank))
                throw new Misconfigured(path + name, "must name different columns, at least one");
            return texts;
        }

        Deleted deleted() throws Misconfigured {
            if (!(values.get("deleted") instanceof Map<?, ?> map)) {
                String column = text("deleted");
                return column == null ? null : new Deleted(column, null);
            }
            Reader reader = new Reader(path + "deleted.", map(path + "deleted", map));
            reader.refuseUnknown(List.of("column", "value"));
            String column = reader.text("column");
            if (column == null) throw new Misconfigured(path + "deleted.column", "is missing");
            return new Deleted(column, reader.text("value"));
        }

        Duration duration(String name, Duration orElse) throws Misconfigured {
            String text = text(name);
            if (text == null) return orElse;
            Matcher matcher = SHORT_DURATION.matcher(text);
            if (matcher.matches()) {
                long amount = Long.parseLong(matcher.group(1));
                return switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                };
            }
            try {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative()) return duration;
            } catch (DateTimeException notIso) {
                // answered below, with negative ones
            }
            throw new Misconfigured(path + name, "must be a duration such as 500ms, 30s, 5m or PT1H");
        }

        int number(String name, int orElse, int least, int most) throws Misconfigured {
            String text = text(name);
            if (text == null) return orElse;
            int number = text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
            if (number < least || number > most)
                throw new Misconfigured(path + name, "must be a number from " + least + " to " + most);
            return number;
        }

        ZoneId zone() throws Misconfigured {
            String text = text("timeZone");
            if (text == null) return null;
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new Misconfigured("timeZone", "must be a zone such as UTC or Europe/Berlin");
            }
        }
    }
}
