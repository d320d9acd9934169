package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamReaderTest {
    private static StreamMapping read(String yaml) {
        var contact = ModelReader.entityType("contact", ModelStore.shipped("contact"));
        return StreamReader.read("people", List.of(contact), new Fields(ModelReader.parse("people", yaml), "people"));
    }

    @Test
    @DisplayName("DEL-7: a stream may say by which field a record is marked instead of deleted")
    void aMark() {
        assertThat(read("{entity: contact, fields: {mail: email}}").whenDeleted())
                .isNull();
        assertThat(read("{entity: contact, fields: {mail: email}, whenDeleted: {field: active, value: false}}")
                        .whenDeleted())
                .isEqualTo(new WhenDeleted("active", "false", null));
        assertThat(
                        read("{entity: contact, fields: {mail: email, status: {attribute: city, write: false}}, whenDeleted: {field: status, value: Inactive, otherwise: Active}}")
                                .whenDeleted())
                .isEqualTo(new WhenDeleted("status", "Inactive", "Active"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "whenDeleted: {value: Inactive} | needs the key field",
                "whenDeleted: {field: status} | needs the key value",
                "whenDeleted: {field: mail, value: x} | write: false at that field",
                "whenDeleted: {field: status, value: a, otherwise: a} | nothing comes back",
                "whenDeleted: {field: status, value: a, or: b} | or",
                "write: false, whenDeleted: {field: status, value: a} | write: false"
            })
    @DisplayName("DEL-7: a mark that would do something else is refused, with what is wrong")
    void refused(String more, String problem) {
        assertThatThrownBy(() -> read("{entity: contact, fields: {mail: email}, " + more + "}"))
                .hasMessageContaining(problem);
    }
}
