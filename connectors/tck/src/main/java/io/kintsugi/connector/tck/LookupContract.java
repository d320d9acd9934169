package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Strong reads by id and by key, with answers that tell absent from unknown. */
abstract class LookupContract extends Contract {
    @Test
    void everyIdAskedGetsAnAnswerAndAnUnknownOneIsNotADelete() throws Exception {
        String known = subject.create(texts("a", "b"));
        String other = subject.create(texts("c", "d"));
        Map<String, Lookup> answers = connector.lookups().byId(everything(), List.of(known, "999999999", other));
        assertThat(answers).containsOnlyKeys(known, "999999999", other);
        assertThat(answers.get(known)).isInstanceOf(Lookup.Found.class);
        assertThat(answers.get(other)).isInstanceOf(Lookup.Found.class);
        assertThat(answers.get("999999999")).isInstanceOf(Lookup.Unknown.class);
    }

    @Test
    void noIdsGiveNoAnswers() throws Exception {
        assertThat(connector.lookups().byId(everything(), List.of())).isEmpty();
        assertThat(connector.lookups().byKey(everything(), first(), List.of())).isEmpty();
    }

    @Test
    void aRecordIsFoundWithItsValuesAndEmptyFieldsAreKnownToBeEmpty() throws Exception {
        String id = subject.create(texts("a", null));
        NativeRecord record = found(id);
        assertThat(record.id().id()).isEqualTo(id);
        assertThat(record.id().stream()).isEqualTo(subject.stream());
        assertThat(record.fields()).containsEntry(first(), "a").containsEntry(second(), null);
    }

    @Test
    void textComesBackUnchanged() throws Exception {
        for (String text : subject.texts()) {
            String id = subject.create(texts(text, "b"));
            assertThat(found(id).fields()).containsEntry(first(), text).containsEntry(second(), "b");
        }
    }

    @Test
    void aLookUpSeesAnEditAtOnce() throws Exception {
        String id = subject.create(texts("before", "b"));
        found(id);
        subject.edit(id, Map.of(first(), "after"));
        assertThat(textsOf(found(id))).isEqualTo(seen(id)).containsEntry(first(), "after");
    }

    @Test
    void onlyTheFieldsAskedForHaveToCome() throws Exception {
        String id = subject.create(texts("a", "b"));
        var query = new Query(subject.stream(), List.of(second()));
        var answer = (Lookup.Found) connector.lookups().byId(query, List.of(id)).get(id);
        assertThat(answer.record().id().id()).isEqualTo(id);
        assertThat(answer.record().fields()).containsEntry(second(), "b");
    }

    @Test
    void aKeyFindsEveryRecordThatHoldsIt() throws Exception {
        String one = subject.create(texts("same", "1"));
        String two = subject.create(texts("same", "2"));
        String three = subject.create(texts("else", "3"));
        var answers = connector.lookups().byKey(everything(), first(), List.of("same", "else", "nobody"));
        assertThat(answers).containsOnlyKeys("same", "else", "nobody");
        assertThat(answers.get("same")).extracting(each -> each.id().id()).containsExactlyInAnyOrder(one, two);
        assertThat(answers.get("else")).extracting(each -> each.id().id()).containsExactly(three);
        assertThat(answers.get("nobody")).isEmpty();
    }

    @Test
    void aStreamOrFieldThatIsNotThereIsSchemaDrift() throws Exception {
        String id = subject.create(texts("a", "b"));
        assertThatThrownBy(() -> connector.lookups().byId(new Query("noSuchStream", List.of()), List.of(id)))
                .isInstanceOf(ConnectorException.SchemaDrift.class)
                .hasMessageContaining("noSuchStream");
        var query = new Query(subject.stream(), List.of(first(), "noSuchField"));
        assertThatThrownBy(() -> connector.lookups().byId(query, List.of(id)))
                .isInstanceOfSatisfying(ConnectorException.SchemaDrift.class, drift -> assertThat(drift.fields())
                        .containsExactly("noSuchField"));
        assertThatThrownBy(() -> connector.lookups().byKey(everything(), "noSuchField", List.of("a")))
                .isInstanceOf(ConnectorException.SchemaDrift.class);
    }

    @Test
    void aDeletedRecordIsGoneOrUnknown() throws Exception {
        String id = subject.create(texts("a", "b"));
        found(id);
        subject.delete(id);
        assertThat(lookUp(id)).isInstanceOfAny(Lookup.Gone.class, Lookup.Unknown.class);
    }
}
