package io.kintsugi.server.api;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.stewardship.Stewardship;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Values that stewards give golden records. */
final class GoldenValueResource {
    private static final String ONE = "/api/v1/goldens/{id}/values/{attribute}";
    private static final int LONGEST = 10_000;
    private final HubStore store;
    private final Stewardship stewardship;

    /** @param value empty text: the thing has no such value */
    record Given(String value, LifeCycle lifeCycle, Instant until, String note) {}

    record PreviewView(GoldenView golden, List<PlannedWrite> writes) {}

    GoldenValueResource(HubStore store, Stewardship stewardship) {
        this.store = store;
        this.stewardship = stewardship;
    }

    void register(Routes routes) {
        routes.put(ONE, this::give);
        routes.delete(ONE, this::takeBack);
        routes.ask(ONE + "/preview", this::preview);
    }

    private Reply give(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var given = given(call);
        var attribute = attribute(call);
        return act(
                id,
                () -> stewardship.giveValue(
                        id,
                        revision,
                        attribute,
                        given.value(),
                        given.lifeCycle(),
                        given.until(),
                        given.note(),
                        HubApi.LOCAL_USER));
    }

    private Reply takeBack(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var note = Note.in(call);
        var attribute = attribute(call);
        return act(id, () -> stewardship.takeValueBack(id, revision, attribute, note, HubApi.LOCAL_USER));
    }

    private Reply preview(Call call) {
        var id = call.path("id");
        var given = given(call);
        var preview = stewardship.previewValue(id, attribute(call), given.value(), given.lifeCycle(), given.until());
        return Reply.ok(store.read(tx -> new PreviewView(
                GoldenView.of(preview.result(), GoldenReader.keys(GoldenReader.members(tx, id))), preview.writes())));
    }

    private static Given given(Call call) {
        var given = call.body(Given.class);
        if (given.value() == null) throw Refused.badRequest("value is missing; an empty text says that there is none");
        if (given.value().length() > LONGEST) {
            throw Refused.badRequest("the value is longer than " + LONGEST + " characters");
        }
        Note.require(given.note());
        return given;
    }

    private String attribute(Call call) {
        var id = call.path("id");
        var name = call.path("attribute");
        var type = store.read(tx -> GoldenReader.load(tx, id)).entityType();
        var known = call.model().entityType(type).attributes().stream()
                .map(Attribute::name)
                .toList();
        if (known.contains(name)) return name;
        throw Refused.notFound(type + " has no attribute \"" + name + "\"" + Nearest.hint(name, known));
    }

    /** MRG-7: who decided on what is no longer there is shown what is. */
    private Reply act(String id, Supplier<GoldenRecord> action) {
        try {
            var golden = action.get();
            return Reply.ok(store.read(tx -> GoldenReader.view(tx, golden)));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT) throw e;
            throw Refused.conflict(e, store.read(tx -> GoldenReader.view(tx, GoldenReader.load(tx, id))));
        }
    }
}
