package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.survivorship.Survivors.Choice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Records and choices for tests, on days counted from one instant. */
final class Choosing {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private Choosing() {}

    static Instant day(double days) {
        return T0.plus(Duration.ofSeconds(Math.round(days * 86_400)));
    }

    /** @param day null if its system does not say when it changed */
    static SourceRecord record(String system, Integer day, String... attributesAndValues) {
        return record(system, "1", day, attributesAndValues);
    }

    static SourceRecord record(String system, String id, Integer day, String... attributesAndValues) {
        var values = new HashMap<String, String>();
        for (int i = 0; i < attributesAndValues.length; i += 2) {
            values.put(attributesAndValues[i], attributesAndValues[i + 1]);
        }
        return SourceRecord.observed(
                new RecordKey(system, "contact", id), "people", values, day == null ? null : day(day), T0, null);
    }

    /** The record with other bookkeeping of one attribute. */
    static SourceRecord with(SourceRecord record, String attribute, AttributeState state) {
        var states = new HashMap<>(record.states());
        states.put(attribute, state);
        return new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                record.attributes(),
                states,
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                record.written());
    }

    /** The record after the hub wrote over what its system had said. */
    static SourceRecord overwritten(SourceRecord record, String attribute, String value, long version) {
        var values = new HashMap<>(record.attributes());
        var original = values.put(attribute, value);
        var written = new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                values,
                record.states(),
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                record.written());
        return with(written, attribute, new AttributeState(T0, version, true, true, original, null));
    }

    static SortedMap<String, Choice> choices(AuthorityPolicy policy, SourceRecord... members) {
        return Survivorship.survive(List.of(members), policy, List.of(), T0).choices();
    }

    /** The surviving value; null if there is none. */
    static String winner(AuthorityPolicy policy, String attribute, SourceRecord... members) {
        var choice = choices(policy, members).get(attribute);
        return choice == null ? null : choice.value();
    }

    /** Everything that is decided, as text. */
    static Map<String, String> told(AuthorityPolicy policy, Collection<SourceRecord> members) {
        var told = new TreeMap<String, String>();
        Survivorship.survive(members, policy, List.of(), T0)
                .choices()
                .forEach((attribute, choice) -> told.put(
                        attribute,
                        choice.value() + " " + choice.decidedBy() + " " + choice.reasonSurvives() + " "
                                + choice.candidates()));
        return told;
    }

    /** Some records of some systems; some values are copies, some empty, some without a time. */
    static List<SourceRecord> members(Random random, List<String> attributes) {
        var members = new ArrayList<SourceRecord>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            var values = new ArrayList<String>();
            for (var attribute : attributes) {
                if (random.nextInt(4) == 0) continue;
                values.add(attribute);
                values.add(random.nextInt(5) == 0 ? "" : "v" + random.nextInt(4));
            }
            var record = record(
                    List.of("crm", "erp", "web").get(random.nextInt(3)),
                    "r" + i,
                    random.nextInt(4) == 0 ? null : random.nextInt(40),
                    values.toArray(String[]::new));
            for (var attribute : attributes) {
                if (record.attributes().containsKey(attribute) && random.nextInt(4) == 0) {
                    record = overwritten(record, attribute, "v" + random.nextInt(4), 1 + random.nextInt(3));
                }
            }
            members.add(record);
        }
        return members;
    }
}
