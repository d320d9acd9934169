package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletionReaderTest {
    private static final Path PAGE = Path.of("../../docs/reference/deletes.md");

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
                "matrix: [{from: crm, to: erp, action: propagat}]| deletes.contact.matrix[0].action does not know \"propagat\"",
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

    @Test
    void theExampleOfTheReferenceReadsAsItSays() throws Exception {
        var example = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        var documents = Settings.parse("example", example.group(1), Map.of()).documents();
        var policy = read(documents.documents().get("deletes").get("contact"));
        assertThat(policy.rule("crm", "shop").grace()).isEqualTo(Duration.ofHours(2));
        assertThat(policy.rule("crm", "billing").joined()).isEqualTo(Action.REVIEW);
        assertThat(policy.rule("shop", "crm").action()).isEqualTo(Action.DISCONNECT);
        assertThat(policy.rule(Deletion.HUB, "crm").action()).isEqualTo(Action.REVIEW);
        assertThat(policy.rule("billing", "crm")).isEqualTo(DeletePolicy.FLAG_ONLY);
        assertThat(policy.brake()).isEqualTo(Brake.USUAL);
    }

    @Test
    void theReferenceNamesEveryKeyAndEveryWord() throws Exception {
        var page = Files.readString(PAGE);
        var words = new ArrayList<String>();
        for (var constants : List.<Enum<?>[]>of(Action.values(), Conflict.values())) {
            for (var constant : constants) words.add(constant.name().toLowerCase(Locale.ROOT));
        }
        for (var constants : List.<Enum<?>[]>of(DeletionState.values(), StepState.values())) {
            for (var constant : constants) words.add(constant.name());
        }
        for (var keys : List.of(Rule.class, Brake.class)) {
            for (var part : keys.getRecordComponents()) words.add(part.getName());
        }
        words.addAll(List.of("from", "to"));
        for (var word : words) assertThat(page).contains("`" + word + "`");
    }
}
