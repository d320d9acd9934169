package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/** What a record says that was created in the place of others. Pure. */
public final class Reborn {
    private Reborn() {}

    /**
     * A record that was created in the place of others that are not there any more: what their system had said, it says. A reference that
     * leads where they said, by another record, is their word in another form.
     *
     * @param created what {@link Outbound#confirm} makes of the create
     * @param replaced at least one
     * @param leads where the references of all of them lead
     */
    public static SourceRecord inPlaceOf(
            SourceRecord created, List<SourceRecord> replaced, Function<String, AttributeType> type, Referents leads) {
        var states = new HashMap<String, AttributeState>();
        var led = leads.inGoldenTerms(created);
        created.states().forEach((attribute, state) -> {
            var words = replaced.stream().map(was -> Word.of(was, attribute)).toList();
            var value = created.attributes().get(attribute);
            var said = words.stream()
                    .filter(word -> word.counts()
                            && !word.value().isEmpty()
                            && Equivalence.same(type.apply(attribute), word.value(), value))
                    .findFirst();
            if (said.isPresent()) {
                states.put(attribute, AttributeState.original(said.get().since(), state.base()));
                return;
            }
            var pointed = replaced.stream()
                    .filter(was -> Word.of(leads.inGoldenTerms(was), attribute).is(led.value(attribute)))
                    .map(was -> Word.of(was, attribute))
                    .findFirst();
            var word = pointed.or(() -> words.stream()
                            .filter(any -> any.value() != null && !any.value().isEmpty())
                            .findFirst())
                    .orElse(words.get(0));
            states.put(
                    attribute,
                    new AttributeState(
                            state.changedAt(),
                            pointed.isPresent() ? AttributeState.RECALLED : state.base(),
                            state.agreed(),
                            true,
                            word.value(),
                            word.since(),
                            state.sent(),
                            state.hold()));
        });
        return created.withStates(states);
    }

    /**
     * What a system itself had last said in a record.
     *
     * @param value null if nothing: the hub had created the record
     * @param counts whether it counts, so that no copy stands for another value
     */
    private record Word(String value, Instant since, boolean counts) {
        /** Whether it counts, and as this value; never as null. */
        boolean is(String other) {
            return counts && other != null && other.equals(value);
        }

        static Word of(SourceRecord record, String attribute) {
            var state = record.states().get(attribute);
            if (state != null && state.copied()) {
                return new Word(state.original(), state.originalAt(), state.recalled() && state.original() != null);
            }
            return new Word(
                    record.attributes().getOrDefault(attribute, ""),
                    state == null ? record.sourceAt() : state.changedAt(),
                    true);
        }
    }
}
