package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange.Intent.Kind;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Settlement.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What records hold right before they are written, unless the system itself compares versions: what somebody changed since it was read
 * is taken in instead of being overwritten, and nothing is merged into a record that is gone. Where the system compares nothing, an
 * edit between this look and the write is lost; nothing a hub does can help that.
 *
 * @param there records that are as they were believed to be
 * @param changed answers about the others, by id
 * @param stale what becomes of the changes that were decided on something else than what is there
 */
record LastLook(Map<Sendable, NativeRecord> there, Map<String, Lookup> changed, List<Finding> stale) {
    /** @param description null if unknown: then the system is taken to compare nothing */
    static LastLook take(
            Lookups lookups, String stream, Translator translator, List<Sendable> batch, StreamDef description)
            throws ConnectorException {
        boolean compares = description != null && description.can().ops().contains(Op.CONDITIONAL_UPDATE);
        var blind = new LinkedHashMap<String, Sendable>();
        for (var sendable : batch) {
            var target = sendable.target();
            boolean merge = sendable.change().intent().kind() == Kind.MERGE; // which no system compares anything for
            if (target != null && (merge || !(compares && target.version() != null))) {
                blind.put(target.key().externalId(), sendable);
            }
        }
        var look = new LastLook(new HashMap<>(), new HashMap<>(), new ArrayList<>());
        if (blind.isEmpty()) return look;
        var wanted = new LinkedHashSet<>(blind.keySet());
        blind.values().stream().map(LastLook::survivor).filter(Objects::nonNull).forEach(wanted::add);
        var answers = lookups.byId(new Query(stream, translator.fields()), wanted);
        blind.forEach((id, sendable) -> {
            var survivor = survivor(sendable);
            if (survivor == null || answers.get(survivor) instanceof Lookup.Found) {
                look.compare(sendable, id, answers.get(id), translator);
            } else {
                look.alone(sendable, survivor, answers.get(survivor));
            }
        });
        return look;
    }

    /** The id of the record that another is merged into; null if it is not. */
    private static String survivor(Sendable sendable) {
        var into = sendable.change().intent().into();
        return into == null ? null : into.externalId();
    }

    /** What the record was to be merged into is not there: it is the last one now, and must not go. */
    private void alone(Sendable sendable, String survivor, Lookup answer) {
        changed.put(survivor, answer);
        var why = "to be merged into " + survivor + ", which is not there";
        stale.add(new Finding(sendable.change(), sendable.target(), new Outcome.Again(why, false)));
    }

    private void compare(Sendable sendable, String id, Lookup answer, Translator translator) {
        if (answer instanceof Lookup.Unknown) return; // the system says itself what it thinks of the write
        Outcome outcome = new Outcome.Untried("somebody changed it meanwhile");
        if (answer instanceof Lookup.Found found) {
            try {
                if (asKnown(translator, found.record(), sendable.target())) {
                    there.put(sendable, found.record());
                    return;
                }
            } catch (Translator.Unmappable e) {
                outcome = new Outcome.Again(e.getMessage(), false);
            }
        }
        changed.put(id, answer);
        stale.add(new Finding(sendable.change(), sendable.target(), outcome));
    }

    private static boolean asKnown(Translator translator, NativeRecord there, SourceRecord target)
            throws Translator.Unmappable {
        return translator.read(there).attributes().entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(target.attributes().getOrDefault(entry.getKey(), "")));
    }

    /** Whether a change may be sent as it was decided. */
    boolean agrees(Sendable sendable) {
        return stale.stream()
                .noneMatch(
                        finding -> finding.sent().key().equals(sendable.change().key()));
    }

    /** What a field holds now, if it was looked at; null within for empty. */
    Optional<NativeRecord> of(Sendable sendable) {
        return Optional.ofNullable(there.get(sendable));
    }
}
