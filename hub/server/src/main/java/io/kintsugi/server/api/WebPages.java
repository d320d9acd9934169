package io.kintsugi.server.api;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The web UI and the page of the API, both from the class path. A hub built without the UI says so and works. */
final class WebPages {
    private static final String DOCS = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Kintsugi API</title>
              <link rel="stylesheet" href="/swagger-ui/swagger-ui.css">
            </head>
            <body>
              <div id="ui"></div>
              <script src="/swagger-ui/swagger-ui-bundle.js"></script>
              <script src="/docs/init.js"></script>
            </body>
            </html>
            """;
    private static final String DOCS_SCRIPT = """
            SwaggerUIBundle({ url: '/api/v1/openapi.yaml', dom_id: '#ui', deepLinking: true });
            """;
    private static final String WITHOUT_UI = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Kintsugi</title></head>
            <body>
              <h1>Kintsugi is running</h1>
              <p>This build has no web UI (it was built with -Dui.skip=true). The API is at <a href="/docs">/docs</a>.</p>
            </body>
            </html>
            """;

    /**
     * For what keeps its name over an upgrade. A browser that keeps it asks with a tag made of time and length; in a reproducible build
     * the time is the same for ever, and the length often is, so it would be told that nothing changed.
     */
    private static final String UNKEPT = "no-store";

    private final byte[] index = resource("/webui/index.html");

    void configure(JavalinConfig config) {
        if (index != null) {
            if (WebPages.class.getResource("/webui/assets") != null) {
                files(config, "/assets", "/webui/assets", "public, max-age=31536000, immutable"); // hashed names
            }
            files(config, "/", "/webui", UNKEPT);
        }
        files(
                config,
                "/swagger-ui",
                "/META-INF/resources/webjars/swagger-ui/" + swaggerVersion(),
                "public, max-age=86400");
        config.routes.get("/", this::page);
        config.spaRoot.addHandler("/", this::page);
        config.routes.get("/docs", ctx -> ctx.html(DOCS));
        config.routes.get(
                "/docs/init.js", ctx -> ctx.contentType("text/javascript").result(DOCS_SCRIPT));
    }

    private static void files(JavalinConfig config, String path, String folder, String caching) {
        config.staticFiles.add(files -> {
            files.hostedPath = path;
            files.directory = folder;
            files.location = Location.CLASSPATH;
            files.headers = Map.of("Cache-Control", caching);
        });
    }

    /**
     * Any path that is a page of the UI. A file that is not there, such as a script of the version before an upgrade, is not found:
     * answering it with the index would be read as a broken script.
     */
    private void page(Context ctx) {
        var path = ctx.path();
        var last = path.substring(path.lastIndexOf('/') + 1);
        boolean file = path.startsWith("/assets/") || path.startsWith("/swagger-ui/") || path.startsWith("/docs/");
        if (file || index == null && !last.isEmpty()) throw new NotFoundResponse();
        ctx.header("Cache-Control", UNKEPT).contentType("text/html; charset=utf-8");
        if (index == null) ctx.result(WITHOUT_UI);
        else ctx.result(index);
    }

    private static byte[] resource(String name) {
        try (var in = WebPages.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    private static String swaggerVersion() {
        var name = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
        try (var in = WebPages.class.getResourceAsStream(name)) {
            var properties = new Properties();
            properties.load(Objects.requireNonNull(in, "swagger-ui is not on the class path"));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
