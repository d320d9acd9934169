package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletionReaderTest {
    private static DeletePolicy read(String yaml) {
        return ModelReader.deletes(ModelReader.entityType("contact", ModelStore.shipped("contact")), 3, yaml);
    }

    @Test
    @DisplayName("DEL-1: without a document nothing spreads, and the brake is set")
    void nothing() {
        var policy = read("");
        assertThat(policy.rule("crm", "erp")).isEqualTo(DeletePolicy.FLAG_ONLY);
        assertThat(policy.brake()).isEqualTo(Brake.USUAL);
        assertThat(policy.version()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "DEL-8: a delete that spreads reaches what the hub created, and only disconnects the rest unless told otherwise")
    void cells() {
        var policy = read("""
                        default: {action: review, grace: 30m}
                        matrix:
                          - {from: crm, to: erp, action: propagate, grace: 12h, conflict: delete_wins}
                          - {from: crm, to: any, action: propagate, joined: propagate}
                          - {from: hub, action: sever}
                        brake: {count: 5, percent: 0.5, window: 7d}
                        """);
        var first = policy.rule("crm", "erp");
        assertThat(first.action()).isEqualTo(Action.PROPAGATE);
        assertThat(first.joined()).isEqualTo(Action.DISCONNECT);
        assertThat(first.grace()).isEqualTo(Duration.ofHours(12));
        assertThat(first.conflict()).isEqualTo(Conflict.DELETE_WINS);
        assertThat(policy.rule("crm", "web").joined()).isEqualTo(Action.PROPAGATE);
        assertThat(policy.rule("crm", "web").grace()).isEqualTo(Duration.ofMinutes(30));
        assertThat(policy.rule("hub", "crm").action()).isEqualTo(Action.SEVER);
        assertThat(policy.rule("erp", "crm").action()).isEqualTo(Action.REVIEW);
        assertThat(policy.brake()).isEqualTo(new Brake(5, 0.5, Duration.ofDays(7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "defualt: {action: flag}| deletes.contact does not know the key \"defualt\"; did you mean \"default\"?",
                "matrix: [{from: crm, to: erp, action: propagat}]| deletes.contact.matrix[0].action \"propagat\"",
                "matrix: [{from: crm, to: crm, action: flag}]| deletes.contact.matrix[0] from and to are both crm",
                "matrix: [{action: flag}, {from: crm, action: flag}]| deletes.contact.matrix[1] never counts",
                "matrix: {from: crm}| deletes.contact.matrix must be a list of cells",
                "default: {grace: soon}| deletes.contact.default.grace \"soon\" is no time",
                "brake: {percent: 120}| deletes.contact.brake a brake counts from 0",
                "brake: {count: 1.5}| deletes.contact.brake.count must be a whole number",
                "brake: {window: 0s}| deletes.contact.brake a window is longer than 0"
            })
    void whatIsWrongIsNamedWithItsPlace(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).hasMessageContaining(message);
    }
}
