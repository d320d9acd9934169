package io.kintsugi.server.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.kintsugi.core.model.HubException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever goes wrong into a problem for the client and, where it is the hub's fault, a line with the request id in the log. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final String REQUEST_ID = "requestId";

    private final SecureRandom random = new SecureRandom();
    private final Json json;

    Problems(Json json) {
        this.json = json;
    }

    /** Gives the request an id of our own; what a client sends as one is never logged. */
    void identify(Context ctx) {
        var bytes = new byte[8];
        random.nextBytes(bytes);
        var id = HexFormat.of().formatHex(bytes);
        ctx.attribute(REQUEST_ID, id);
        ctx.header("X-Request-Id", id);
    }

    void handle(RoutesConfig routes) {
        routes.exception(Refused.class, (e, ctx) -> send(ctx, Problem.of(e, id(ctx))));
        routes.exception(HubException.class, this::hub);
        routes.exception(HttpResponseException.class, this::http);
        routes.exception(Exception.class, this::unknown);
    }

    private void hub(HubException e, Context ctx) {
        var type = ProblemType.of(e.code());
        if (type.status() >= 500) LOG.warn("request {} to {}: {}", id(ctx), route(ctx), e.getMessage(), e);
        if (type == ProblemType.UNAVAILABLE) ctx.header("Retry-After", "5");
        send(ctx, Problem.of(type, e.getMessage(), id(ctx)));
    }

    private void http(HttpResponseException e, Context ctx) {
        var type = ProblemType.ofStatus(e.getStatus());
        send(
                ctx,
                Problem.of(
                        type, type == ProblemType.NOT_FOUND ? "there is nothing at this path" : type.title(), id(ctx)));
    }

    private void unknown(Exception e, Context ctx) {
        LOG.error("request {} to {} failed", id(ctx), route(ctx), e);
        send(ctx, Problem.of(ProblemType.INTERNAL, "the hub failed to answer this request; its log says why", id(ctx)));
    }

    void send(Context ctx, Problem problem) {
        ctx.status(problem.status()).contentType("application/problem+json").result(json.write(problem));
    }

    static String id(Context ctx) {
        String id = ctx.attribute(REQUEST_ID);
        return id == null ? "none" : id;
    }

    /** The path as registered, not as sent: ids of things and people stay out of the log. */
    private static String route(Context ctx) {
        var endpoint = ctx.endpoints().matchedHttpEndpoint();
        return ctx.method() + " " + (endpoint == null ? "an unknown path" : endpoint.path);
    }
}
