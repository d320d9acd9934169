package io.kintsugi.server.api;

import io.javalin.http.Context;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One request, with its parameters read strictly: what is wrong is refused with what would be right, never corrected silently. */
final class Call {
    private static final Pattern REVISION = Pattern.compile("\"(\\d{1,18})\"");
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;

    private final Context ctx;
    private final Json json;
    private final HubModel model;
    private final Clock clock;

    Call(Context ctx, Json json, HubModel model, Clock clock) {
        this.ctx = ctx;
        this.json = json;
        this.model = model;
        this.clock = clock;
    }

    HubModel model() {
        return model;
    }

    String path(String name) {
        return ctx.pathParam(name);
    }

    /** Names this request and its repeats; null if the sender gave it no name. */
    String idempotencyKey() {
        return ctx.header("Idempotency-Key");
    }

    /** A record key in the path. */
    RecordKey pathKey(String name) {
        return key("the path", path(name));
    }

    /** Null if it is absent or empty. */
    String text(String name) {
        var given = ctx.queryParams(name);
        if (given.size() > 1) throw Refused.badRequest("parameter " + name + " is given " + given.size() + " times");
        return given.isEmpty() || given.get(0).isEmpty() ? null : given.get(0);
    }

    RecordKey key(String name) {
        var text = text(name);
        if (text == null) throw Refused.badRequest("parameter " + name + " is missing; give a record key");
        return key("parameter " + name, text);
    }

    private static RecordKey key(String where, String text) {
        try {
            return RecordKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest(where + " holds no record key; expected system:type:externalId");
        }
    }

    /** A parameter that must be there. */
    String required(String name) {
        var text = text(name);
        if (text == null) throw Refused.badRequest("parameter " + name + " is missing");
        return text;
    }

    boolean flag(String name, boolean otherwise) {
        var text = text(name);
        if (text == null) return otherwise;
        return oneOf(name, List.of("true", "false"), null).equals("true");
    }

    long number(String name, long least, long most, long otherwise) {
        var text = text(name);
        if (text == null) return otherwise;
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) { // answered below
        }
        throw Refused.badRequest("parameter " + name + " must be a whole number from " + least + " to " + most);
    }

    /** Null if it is absent. */
    Double decimal(String name) {
        var text = text(name);
        if (text == null) return null;
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) return number;
        } catch (NumberFormatException e) { // answered below
        }
        throw Refused.badRequest("parameter " + name + " must be a number");
    }

    /** Null if it is absent. */
    Instant instant(String name) {
        var text = text(name);
        if (text == null) return null;
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Refused.badRequest("parameter " + name + " must be an instant such as 2026-11-20T09:14:00Z");
        }
    }

    /** An instant that has come; null if it is absent, for now. */
    Instant past(String name) {
        var asked = instant(name);
        var now = clock.instant();
        if (asked == null || !asked.isAfter(now)) return asked;
        throw Refused.badRequest(
                "parameter " + name + " lies ahead: it is " + now.truncatedTo(ChronoUnit.SECONDS) + " now");
    }

    int limit() {
        return (int) number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    }

    String cursor() {
        return text("cursor");
    }

    /** Direction of a list that is sorted by one instant, newest first unless the call says otherwise. */
    boolean oldestFirst(String instant) {
        return oneOf("sort", List.of("-" + instant, instant), "-" + instant).equals(instant);
    }

    String oneOf(String name, List<String> allowed, String otherwise) {
        var text = text(name);
        if (text == null) return otherwise;
        if (allowed.contains(text)) return text;
        throw Refused.badRequest("parameter " + name + " does not take that value" + Nearest.hint(text, allowed));
    }

    /** Null if it is absent. */
    <E extends Enum<E>> E constant(String name, Class<E> type) {
        var text = oneOf(name, names(type), null);
        return text == null ? null : Enum.valueOf(type, text);
    }

    /** Null for {@code ANY}. */
    <E extends Enum<E>> E constantOrAny(String name, Class<E> type, E otherwise) {
        var allowed = new ArrayList<>(names(type));
        allowed.add("ANY");
        var text = oneOf(name, allowed, otherwise.name());
        return text.equals("ANY") ? null : Enum.valueOf(type, text);
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    }

    /** An entity type of the model; null if it is absent. */
    String entityType() {
        return oneOf(
                "type", model.entityTypes().stream().map(type -> type.name()).toList(), null);
    }

    /** A system of the model; null if it is absent. */
    String system() {
        return oneOf(
                "system", model.systems().stream().map(system -> system.id()).toList(), null);
    }

    /** Parameters {@code prefix + name} by name. */
    Map<String, String> prefixed(String prefix) {
        var found = new TreeMap<String, String>();
        for (var name : ctx.queryParamMap().keySet()) {
            if (!name.startsWith(prefix)) continue;
            var value = text(name);
            if (value != null) found.put(name.substring(prefix.length()), value);
        }
        return found;
    }

    /** The revision in If-Match. */
    long revision() {
        var header = ctx.header("If-Match");
        if (header == null) {
            throw new Refused(
                    ProblemType.PRECONDITION_REQUIRED,
                    "the If-Match header is missing; it must hold the revision, as \"3\"");
        }
        var matcher = REVISION.matcher(header.strip());
        if (!matcher.matches()) {
            throw Refused.badRequest("the If-Match header must be one revision in quotes, as \"3\"");
        }
        return Long.parseLong(matcher.group(1));
    }

    <T> T body(Class<T> shape) {
        var bytes = ctx.bodyAsBytes();
        if (bytes.length == 0) throw Refused.badRequest("the body is missing; send a JSON object");
        requireJson();
        return json.read(bytes, shape);
    }

    /** Null if there is no body. */
    <T> T bodyIfAny(Class<T> shape) {
        return ctx.bodyAsBytes().length == 0 ? null : body(shape);
    }

    private void requireJson() {
        var type = ctx.contentType();
        var bare = type == null ? "" : type.split(";", 2)[0].strip();
        if (!bare.equalsIgnoreCase("application/json")) {
            throw new Refused(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "the body must come with Content-Type: application/json");
        }
    }
}
