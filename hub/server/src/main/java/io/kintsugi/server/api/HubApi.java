package io.kintsugi.server.api;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.util.JavalinBindException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.config.DryRuns;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.Previews;
import io.kintsugi.server.config.SchemaAnswers;
import io.kintsugi.server.config.SchemaInbox;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.explain.PairExplanations;
import io.kintsugi.server.engine.stewardship.MergeStandings;
import io.kintsugi.server.security.LocalAccess;
import io.kintsugi.server.security.SecurityHeaders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;

/** The HTTP side of a hub: the REST API, its events, its documentation and the web UI. */
public final class HubApi implements AutoCloseable {
    /** Who decided, until there are users. */
    static final String LOCAL_USER = "local";

    private final EventStream stream;
    private final Javalin app;
    private final Config config;
    private final BiConsumer<Documents, String> publisher;
    private final Previews previews;
    private final DryRuns dryRuns;

    /**
     * @param host a loopback address or name
     * @param port 0 takes a free one
     * @param moreHosts names besides localhost under which browsers of this machine reach it; usually empty
     */
    public record Config(String host, int port, Set<String> moreHosts) {
        public Config {
            moreHosts = Set.copyOf(moreHosts);
        }
    }

    /** Serves a hub without loops of its own: what is published is brought to all records before the answer. */
    public HubApi(Hub hub, Clock clock, Config config) {
        this(hub, clock, config, (documents, by) -> {
            var models = new ModelStore(hub.store(), clock);
            hub.model().publish(models.publish(documents, by));
            models.rematch();
        });
    }

    /**
     * Serves a hub.
     *
     * @param publisher publishes documents in the name of a user, and lets the hub work by them
     * @throws HubException with {@code BAD_CONFIGURATION} if the host is not this machine's own
     */
    public HubApi(Hub hub, Clock clock, Config config, BiConsumer<Documents, String> publisher) {
        this.config = config;
        this.publisher = publisher;
        previews = new Previews(clock);
        dryRuns = new DryRuns(hub.store(), hub.model(), clock, hub.systems().reach());
        LocalAccess.listenOn(config.host());
        var json = new Json();
        stream = new EventStream(hub.store(), hub.events(), json, clock);
        app = Javalin.create(javalin -> configure(javalin, hub, clock, json));
    }

    private void configure(JavalinConfig javalin, Hub hub, Clock clock, Json json) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.jetty.host = config.host();
        javalin.jetty.port = config.port();
        javalin.jetty.modifyHttpConfiguration(HubApi::allowEncodedIds);
        javalin.http.maxRequestSize = Json.MAX_BYTES;
        var contract = new Contract();
        var problems = new Problems(json);
        guard(javalin, problems, clock);
        var idempotency = new Idempotency(hub.store(), clock);
        resources(new Routes(javalin.routes, contract, json, hub.model(), idempotency, clock), hub, clock, json);
        javalin.routes.before("/api/v1/events", ctx -> {
            var accept = ctx.header("Accept");
            if (accept == null || !accept.contains("text/event-stream")) {
                throw new Refused(ProblemType.NOT_ACCEPTABLE, "events need the header Accept: text/event-stream");
            }
            stream.requireRoom();
        });
        javalin.routes.sse("/api/v1/events", stream::join);
        javalin.routes.get("/api/v1/openapi.yaml", ctx -> ctx.contentType("application/yaml")
                .result(contract.text()));
        new WebPages().configure(javalin);
        javalin.routes.get("/api/*", ctx -> nowhere(ctx, contract));
        javalin.routes.post("/api/*", ctx -> nowhere(ctx, contract));
        javalin.routes.put("/api/*", ctx -> nowhere(ctx, contract));
        javalin.routes.patch("/api/*", ctx -> nowhere(ctx, contract));
        javalin.routes.delete("/api/*", ctx -> nowhere(ctx, contract));
        javalin.routes.options("/api/*", ctx -> nowhere(ctx, contract));
        problems.handle(javalin.routes);
    }

    private void guard(JavalinConfig javalin, Problems problems, Clock clock) {
        var access = new LocalAccess(config.host(), config.moreHosts());
        javalin.routes.before(ctx -> {
            problems.identify(ctx);
            SecurityHeaders.ALL.forEach(ctx::header);
            boolean api = ctx.path().startsWith("/api/");
            if (api) ctx.header("Cache-Control", "no-store").header("Date", DateGenerator.formatDate(clock.millis()));
            var method = ctx.method().name();
            boolean reads = method.equals("GET") || method.equals("HEAD");
            access.check(ctx.header("Host"), ctx.header("Origin"), ctx.header("Sec-Fetch-Site"), !reads);
            if (!api && encodesMore(ctx.path())) throw new NotFoundResponse();
        });
    }

    private void resources(Routes routes, Hub hub, Clock clock, Json json) {
        var store = hub.store();
        var standings = new MergeStandings(hub.model());
        new GoldenResource(store, hub.explanations(), standings, hub.reversals()).register(routes);
        new GoldenValueResource(store, hub.stewardship()).register(routes);
        var pairs = new PairExplanations(
                store,
                hub.model(),
                (rules, document) -> ModelReader.matching(rules.type(), document.version(), document.body()));
        new ExplainResource(store, hub.explanations(), pairs).register(routes);
        new ReviewResource(store, hub.stewardship(), hub.explanations(), hub.events(), clock, json).register(routes);
        new MergeResource(store, hub.stewardship(), standings, hub.reversals()).register(routes);
        new RecordResource(store).register(routes);
        new SystemResource(store, hub.systems(), clock).register(routes);
        new RunResource(store, hub.systems()).register(routes);
        new OutboundResource(store, hub.dispatcher(), clock, hub.systems()::somethingDue).register(routes);
        new ChangeResource(store).register(routes);
        new ModelResource(store).register(routes);
        new MatchRulesResource(store, hub.model(), previews, publisher).register(routes);
        new AuthorityResource(store, hub.model(), clock, hub.systems()::catalog, previews, publisher).register(routes);
        new DeletionResource(store, hub.stewardship()).register(routes);
        new ErasureResource(store, hub.erasing(), clock, json).register(routes);
        new DeletesResource(store, hub.model(), clock, publisher).register(routes);
        var inbox = new SchemaInbox(store, hub.model(), hub.schemas());
        var answers = new SchemaAnswers(store, hub.model(), hub.schemas(), inbox, clock, publisher);
        new SchemaResource(hub, inbox, answers).register(routes);
        new HubResource(store, hub.systems(), inbox, stream, clock).register(routes);
        new DryRunResource(dryRuns).register(routes);
    }

    /** Ids of other systems may hold any character, encoded: slashes, percent signs, semicolons. */
    private static void allowEncodedIds(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "ids",
                Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.AMBIGUOUS_PATH_PARAMETER,
                Violation.SUSPICIOUS_PATH_CHARACTERS));
    }

    /** Files need no such characters, and where one might climb out of a folder there is nothing to see. */
    private static boolean encodesMore(String path) {
        var lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("%2f") || lower.contains("%5c") || lower.contains("%25") || lower.contains(";");
    }

    private static void nowhere(Context ctx, Contract contract) {
        var methods = contract.methods(ctx.path());
        if (methods.isEmpty()) throw new NotFoundResponse();
        ctx.header("Allow", String.join(", ", methods));
        throw new Refused(ProblemType.METHOD_NOT_ALLOWED, "this path takes " + String.join(", ", methods));
    }

    /**
     * Refuses a place where no hub can listen, before anything else is started for it. Where another program takes the port in the
     * moment after, {@link #start} refuses it.
     *
     * @param port 0, any free one, is never refused
     * @throws HubException with {@code BAD_CONFIGURATION} if the port is taken or not for this user, or the host is not this machine's own
     */
    public static void requirePlace(String host, int port) {
        LocalAccess.listenOn(host);
        if (port == 0) return;
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw unusable(host, port, e);
        }
    }

    private static HubException unusable(String host, int port, Exception cause) {
        boolean denied = String.valueOf(cause.getMessage()).contains("Permission denied");
        return new HubException(
                HubErrorCode.BAD_CONFIGURATION,
                "port " + port + " of " + host
                        + (denied
                                ? " may not be used by this user; choose one from 1024 on with --port"
                                : " is taken, perhaps by another hub; end that program, or choose another port with --port"),
                cause);
    }

    /**
     * Begins to serve. Called once.
     *
     * @return the port it listens on
     * @throws HubException with {@code BAD_CONFIGURATION} if the port is taken
     */
    public int start() {
        requirePlace(config.host(), config.port()); // Javalin would log an error, too
        stream.start();
        try {
            return app.start().port();
        } catch (JavalinBindException e) {
            stream.close();
            throw unusable(config.host(), config.port(), e);
        }
    }

    /** The Javalin application, for the test that compares its routes with the contract. */
    Javalin app() {
        return app;
    }

    /** Number of connected clients of events, for tests. */
    int clients() {
        return stream.clients();
    }

    /** Ends events and requests. Second call does nothing. */
    @Override
    public void close() {
        stream.close();
        app.stop();
        previews.close();
        dryRuns.close();
    }
}
