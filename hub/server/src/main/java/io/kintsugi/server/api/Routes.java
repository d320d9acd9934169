package io.kintsugi.server.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.kintsugi.server.api.Contract.Operation;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.ArrayList;

/**
 * Registers the operations of the contract. Every read and every write goes through here, so none can forget to refuse unknown
 * parameters, to show its revision, or to take an Idempotency-Key.
 */
final class Routes {
    private final RoutesConfig javalin;
    private final Contract contract;
    private final Json json;
    private final LiveModel model;
    private final Idempotency idempotency;
    private final Clock clock;

    /** Answers a call that changes nothing. */
    interface Read {
        Reply answer(Call call);
    }

    /** Answers a call that changes something; thrown exceptions mean that nothing was changed. */
    interface Write {
        Reply answer(Call call);
    }

    Routes(RoutesConfig javalin, Contract contract, Json json, LiveModel model, Idempotency idempotency, Clock clock) {
        this.javalin = javalin;
        this.contract = contract;
        this.json = json;
        this.model = model;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    void get(String path, Read handler) {
        var operation = contract.operation("GET", path);
        javalin.get(path, ctx -> read(ctx, operation, handler));
    }

    /** A POST that changes nothing, because its question does not fit into a URL. */
    void ask(String path, Read handler) {
        var operation = contract.operation("POST", path);
        javalin.post(path, ctx -> read(ctx, operation, handler));
    }

    void post(String path, Write handler) {
        var operation = contract.operation("POST", path);
        javalin.post(path, ctx -> write(ctx, operation, handler));
    }

    void put(String path, Write handler) {
        var operation = contract.operation("PUT", path);
        javalin.put(path, ctx -> write(ctx, operation, handler));
    }

    void delete(String path, Write handler) {
        var operation = contract.operation("DELETE", path);
        javalin.delete(path, ctx -> write(ctx, operation, handler));
    }

    private void read(Context ctx, Operation operation, Read handler) {
        refuseUnknown(ctx, operation);
        var reply = handler.answer(new Call(ctx, json, model.get(), clock));
        if (reply.revision() != null) {
            var tag = "\"" + reply.revision() + "\"";
            ctx.header("ETag", tag);
            if (tag.equals(ctx.header("If-None-Match"))) {
                ctx.status(304);
                return;
            }
        }
        send(ctx, reply.status(), json.write(reply.body()));
    }

    private void write(Context ctx, Operation operation, Write handler) {
        refuseUnknown(ctx, operation);
        var key = ctx.header("Idempotency-Key");
        if (key == null) {
            var reply = handler.answer(new Call(ctx, json, model.get(), clock));
            send(ctx, reply.status(), json.write(reply.body()));
            return;
        }
        var query = ctx.queryString() == null ? "" : "?" + ctx.queryString();
        var request =
                Idempotency.hash(ctx.method().name(), ctx.path() + query, ctx.header("If-Match"), ctx.bodyAsBytes());
        var outcome = idempotency.once(key, request, () -> {
            var reply = handler.answer(new Call(ctx, json, model.get(), clock));
            return new Idempotency.Outcome(reply.status(), json.write(reply.body()), false);
        });
        if (outcome.replayed()) ctx.header("Idempotency-Replayed", "true");
        send(ctx, outcome.status(), outcome.body());
    }

    private static void send(Context ctx, int status, String body) {
        ctx.status(status).contentType("application/json").result(body);
    }

    private static void refuseUnknown(Context ctx, Operation operation) {
        for (var name : ctx.queryParamMap().keySet()) {
            if (operation.query().contains(name)) continue;
            if (operation.prefixes().stream().anyMatch(name::startsWith)) continue;
            var known = new ArrayList<>(operation.query());
            operation.prefixes().forEach(prefix -> known.add(prefix + "<name>"));
            throw Refused.badRequest("there is no parameter \"" + name + "\"" + Nearest.hint(name, known));
        }
    }
}
