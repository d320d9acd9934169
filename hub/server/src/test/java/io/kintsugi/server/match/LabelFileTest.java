package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFileTest {
    /** 5 is an id of two sources. */
    private static final RecordIds IDS = new RecordIds(List.of(
            key("crm", "1"), key("crm", "2"), key("crm", "3"), key("crm", "4"), key("crm", "5"), key("web", "5")));

    @Test
    void pairsAreOrderedByTheirKeysAndEachIsThereOnce() throws IOException {
        assertThat(find("match,Id1,id2\nno,3,1\nTRUE,2,1\n same ,1,2\n"))
                .containsExactly(
                        new LabelledPair(key("crm", "1"), key("crm", "2"), true),
                        new LabelledPair(key("crm", "1"), key("crm", "3"), false));
    }

    @Test
    void sourcesTellApartWhatHasOneId() throws IOException {
        assertThat(find("source1,id1,source2,id2,match\nweb,5,crm,5,different\n"))
                .containsExactly(new LabelledPair(key("crm", "5"), key("web", "5"), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "Yes", "1", "SAME"})
    void wordsForTheSame(String word) throws IOException {
        assertThat(find("id1,id2,match\n1,2," + word + "\n"))
                .extracting(LabelledPair::same)
                .containsExactly(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "No", "0", "Different"})
    void wordsForDifferent(String word) throws IOException {
        assertThat(find("id1,id2,match\n1,2," + word + "\n"))
                .extracting(LabelledPair::same)
                .containsExactly(false);
    }

    @ParameterizedTest
    @DisplayName("ID-11: what a file of labels cannot mean is refused with its line, and why")
    @CsvSource(
            delimiter = '|',
            value = {
                "id1,id2\\n1,2                              | line 1: the columns are id1, id2; a file of labels has id1, id2 and match",
                "id1,id2,match,id1\\n1,2,yes,3              | line 1: columns 1 and 4 are both named id1",
                "id1,id2,match,source2\\n1,2,yes,crm        | line 1: source1 and source2 come together",
                "id1,id2,match                              | has a header and no rows",
                "id1,id2,match\\n1,2,yes\\n1,3,maybe        | line 3: column 3 (match): \"maybe\"; write true, yes, 1 or same",
                "id1,id2,match\\n1,2,                       | line 2: column 3 (match): empty; write true",
                "id1,id2,match\\n1,2                        | line 2: ",
                "id1,id2,match\\n1,,yes                     | line 2: column 2 (id2): empty",
                "id1,id2,match\\n1,9,yes                    | line 2: column 2 (id2): no record has the id 9",
                "id1,id2,match\\n5,1,yes                    | line 2: column 1 (id1): several records have the id 5, of the sources crm, web",
                "id1,id2,match,source1,source2\\n1,5,yes,web,web | line 2: column 1 (id1): no record of the source web has the id 1",
                "id1,id2,match\\n1,1,yes                    | line 2: both ids are those of one record, 1",
                "id1,id2,match\\n1,2,yes\\n2,1,no           | line 3: says of 2 and 1 the opposite of line 2",
                "id1,id2,match\\n3,1,no\\n4,3,yes\\n1,2,yes\\n2,4,1 | line 2: says that 1 and 3 are different, and by lines 3, 4, 5 they are the same: 1 = 2 = 4 = 3",
            })
    void whatCannotBeMeantIsRefused(String csv, String message) {
        assertThatThrownBy(() -> find(csv.replace("\\n", "\n")))
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("labels.csv")
                .hasMessageContaining(message)
                .extracting(e -> ((HubException) e).code())
                .isEqualTo(HubErrorCode.UNPROCESSABLE);
    }

    private static List<LabelledPair> find(String csv) throws IOException {
        try (var rows =
                new CsvRows(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8)) {
            return LabelFile.read("labels.csv", rows).find(IDS);
        }
    }

    private static RecordKey key(String system, String id) {
        return new RecordKey(system, "person", id);
    }
}
