package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL that is safe to hand to a driver: one of the three drivers, one plain host list or file, and only properties that
 * cannot load code, read files of the hub's machine or carry a credential.
 *
 * @param place where the database is, for messages: without properties and without credentials
 */
record JdbcUrl(Kind kind, String url, String place) {
    private static final Pattern SERVER = Pattern.compile(
            "jdbc:(postgresql|mariadb|mysql)://([A-Za-z0-9_.:,\\[\\]-]+)/([^?;&#@\\\\]+)(?:\\?([^#]*))?");
    private static final Pattern FILE = Pattern.compile("jdbc:sqlite:([^?]+)(?:\\?(.*))?");

    /** Which driver; drivers are named, never looked up by URL. */
    enum Kind {
        POSTGRESQL(
                "org.postgresql.Driver",
                Set.of(
                        "ssl",
                        "sslmode",
                        "channelBinding",
                        "connectTimeout",
                        "socketTimeout",
                        "tcpKeepAlive",
                        "ApplicationName",
                        "currentSchema",
                        "targetServerType",
                        "gssEncMode")),
        MYSQL(
                "org.mariadb.jdbc.Driver",
                Set.of("sslMode", "useSsl", "connectTimeout", "socketTimeout", "tcpKeepAlive", "useCompression")),
        SQLITE("org.sqlite.JDBC", Set.of("journal_mode", "busy_timeout", "synchronous", "cache_size"));

        private final String driver;
        private final Set<String> properties;

        Kind(String driver, Set<String> properties) {
            this.driver = driver;
            this.properties = properties;
        }

        String driver() {
            return driver;
        }
    }

    /** The file of a SQLite database; null for a server. */
    Path file() {
        Matcher matcher = FILE.matcher(url);
        return matcher.matches() ? Path.of(matcher.group(1)) : null;
    }

    /** @throws Misconfigured if the URL is not of the allowed form; the message never repeats the URL, which may hold a password */
    static JdbcUrl parse(String url) throws Misconfigured {
        Matcher server = SERVER.matcher(url);
        if (server.matches()) {
            Kind kind = server.group(1).equals("postgresql") ? Kind.POSTGRESQL : Kind.MYSQL;
            refuseProperties(kind, server.group(4));
            return new JdbcUrl(kind, url, server.group(1) + " " + server.group(2) + "/" + server.group(3));
        }
        Matcher file = FILE.matcher(url);
        if (file.matches()) {
            String path = file.group(1);
            if (path.startsWith(":") || path.startsWith("file:"))
                throw new Misconfigured(
                        "url",
                        "must name a SQLite file by its path; memory, resource and file: URLs are" + " not allowed");
            refuseProperties(Kind.SQLITE, file.group(2));
            return new JdbcUrl(Kind.SQLITE, url, "sqlite " + path);
        }
        throw new Misconfigured(
                "url",
                "must look like jdbc:postgresql://host:5432/database, jdbc:mariadb://host/database,"
                        + " jdbc:mysql://host/database or jdbc:sqlite:/path/file.db, with user and password apart from it");
    }

    private static void refuseProperties(Kind kind, String query) throws Misconfigured {
        if (query == null || query.isEmpty()) return;
        for (String pair : query.split("&")) {
            String name = pair.split("=", 2)[0];
            if (!kind.properties.contains(name))
                throw new Misconfigured(
                        "url",
                        "has the property " + name.replaceAll("[^A-Za-z0-9_]", "")
                                + ", which is not allowed; allowed are "
                                + String.join(
                                        ", ", kind.properties.stream().sorted().toList()));
        }
    }

    /** Driver properties that are always wanted; those in the URL win where the driver lets them. */
    Properties defaults(JdbcSettings settings) {
        long millis = settings.connectTimeout().toMillis();
        String seconds = Long.toString(Math.max(1, (millis + 999) / 1000));
        Map<String, String> values =
                switch (kind) {
                    case POSTGRESQL ->
                        Map.of(
                                "connectTimeout",
                                seconds,
                                "loginTimeout",
                                seconds,
                                "socketTimeout",
                                Long.toString(settings.readTimeout().toSeconds()),
                                "tcpKeepAlive",
                                "true",
                                "ApplicationName",
                                "kintsugi",
                                "stringtype",
                                "unspecified",
                                "logServerErrorDetail",
                                "false"); // the detail quotes customer data
                    case MYSQL ->
                        Map.of(
                                "connectTimeout", Long.toString(millis),
                                "socketTimeout",
                                        Long.toString(settings.readTimeout().toMillis()),
                                "permitMysqlScheme", "true",
                                "allowLocalInfile", "false",
                                "tcpKeepAlive", "true");
                    case SQLITE ->
                        Map.of(
                                "open_mode", "2", // read and write, never create: a wrong path must not become an empty
                                // database
                                "foreign_keys", "true",
                                "busy_timeout", Long.toString(millis),
                                "transaction_mode", "IMMEDIATE");
                };
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
