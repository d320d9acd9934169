package io.kintsugi.server.config;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the process: where it listens, where its data is, which graph it uses. Policies and systems are documents in the graph;
 * a settings file may bring new versions of them along.
 *
 * @param data folder of the hub's own files and of the embedded graph
 * @param neo4jUri external graph; null for the embedded one
 * @param neo4jPassword never logged
 * @param neo4jDatabase database of the external graph; null for the one that it gives the user
 * @param host loopback only, until there are users
 * @param port 0 for any free one
 * @param documents entity types, policies and systems to publish at the start
 */
public record Settings(
        Path data,
        String neo4jUri,
        String neo4jUser,
        String neo4jPassword,
        String neo4jDatabase,
        String host,
        int port,
        ModelStore.Documents documents) {
    /** Without a file: data in {@code ./kintsugi-data}, embedded graph, 127.0.0.1:7070, unless the environment says otherwise. */
    public static Settings of(Map<String, String> environment) {
        return parse("settings", "", environment);
    }

    /**
     * Reads a file. Environment variables win: {@code KINTSUGI_DATA}, {@code KINTSUGI_NEO4J_URI}, {@code KINTSUGI_NEO4J_USER},
     * {@code KINTSUGI_NEO4J_PASSWORD}, {@code KINTSUGI_NEO4J_DATABASE}, {@code KINTSUGI_HOST}, {@code KINTSUGI_PORT}.
     *
     * @throws HubException with {@code BAD_CONFIGURATION} that names the place and what would be right
     */
    public static Settings read(Path file, Map<String, String> environment) {
        try {
            return parse(file.getFileName().toString(), Files.readString(file), environment);
        } catch (IOException e) {
            throw new HubException(HubErrorCode.BAD_CONFIGURATION, unreadable(file, e), e);
        }
    }

    private static String unreadable(Path file, IOException problem) {
        var path = file.toAbsolutePath().normalize();
        if (Files.notExists(file)) return "there is no configuration file " + path;
        if (!Files.exists(file)) {
            return "the configuration file " + path
                    + " cannot be looked at; see that all above it are folders, and open to this user";
        }
        if (Files.isDirectory(file)) return path + " is a folder; name the configuration file in it";
        if (!Files.isReadable(file)) return "the configuration file " + path + " may not be read by this user";
        if (problem instanceof CharacterCodingException) {
            return "the configuration file " + path + " is not in UTF-8; save it so";
        }
        return "cannot read the configuration file " + path + ": " + problem.getMessage();
    }

    static Settings parse(String where, String yaml, Map<String, String> environment) {
        var fields = new Fields(ModelReader.parse(where, yaml), where);
        var neo4j = fields.block("neo4j");
        var http = fields.block("http");
        var data = environment.getOrDefault("KINTSUGI_DATA", fields.text("data").orElse("kintsugi-data"));
        var uri =
                environment.getOrDefault("KINTSUGI_NEO4J_URI", neo4j.text("uri").orElse(null));
        var user = environment.getOrDefault(
                "KINTSUGI_NEO4J_USER", neo4j.text("user").orElse("neo4j"));
        var password = environment.getOrDefault(
                "KINTSUGI_NEO4J_PASSWORD",
                neo4j.text("password").map(text -> resolve(text, environment)).orElse(null));
        var database = environment.getOrDefault(
                "KINTSUGI_NEO4J_DATABASE", neo4j.text("database").orElse(null));
        var host = environment.getOrDefault("KINTSUGI_HOST", http.text("host").orElse("127.0.0.1"));
        var port = environment.getOrDefault("KINTSUGI_PORT", http.text("port").orElse("7070"));
        var documents = ModelStore.Documents.of(fields);
        neo4j.done();
        http.done();
        fields.done();
        if (uri != null && password == null) {
            throw Fields.bad(
                    where + ".neo4j", "has a uri but no password; set it as env:NAME or in KINTSUGI_NEO4J_PASSWORD");
        }
        if (uri == null && database != null) {
            throw Fields.bad(
                    where + ".neo4j",
                    "names a database but no uri; the embedded Neo4j has one database, so leave it out");
        }
        return new Settings(Path.of(data), uri, user, password, database, host, port(where, port), documents);
    }

    private static String resolve(String text, Map<String, String> environment) {
        if (!text.startsWith("env:")) return text;
        var value = environment.get(text.substring("env:".length()));
        if (value == null)
            throw Fields.bad(
                    "neo4j.password", "names the environment variable " + text.substring(4) + ", which is not set");
        return value;
    }

    private static int port(String where, String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= 65535) return port;
        } catch (NumberFormatException e) {
            // answered below
        }
        throw Fields.bad(where + ".http.port", "must be a number from 0 to 65535, not \"" + text + "\"");
    }

    @Override
    public String toString() { // no secrets
        return "Settings[data=" + data + ", neo4j=" + (neo4jUri == null ? "embedded" : neo4jUri) + ", http=" + host
                + ":" + port + "]";
    }
}
