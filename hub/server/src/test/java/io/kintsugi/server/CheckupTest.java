package io.kintsugi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.Checkup.Finding;
import io.kintsugi.server.Checkup.Level;
import io.kintsugi.server.Wiring.Look;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckupTest {
    @TempDir
    private Path folder;

    private void table(String key) throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("crm.db"));
                var statement = database.createStatement()) {
            statement.execute("CREATE TABLE contacts (id INTEGER PRIMARY KEY, mail TEXT, kintsugi_key " + key + ")");
        }
    }

    private List<Finding> look(Map<String, Object> streams) {
        var crm = new SystemConfig(
                "crm",
                "CRM",
                "jdbc",
                Map.of("url", "jdbc:sqlite:" + folder.resolve("crm.db"), "streams", streams),
                Duration.ofSeconds(1),
                List.of());
        var findings = new ArrayList<Finding>();
        new Checkup(findings::add).system(new Connectors(Clock.systemUTC(), folder), crm);
        return findings;
    }

    @Test
    void aSystemIsReachedAndSaysWhatItIs() throws SQLException {
        table("TEXT UNIQUE");
        assertThat(look(Map.of("contacts", Map.of("linkKey", "kintsugi_key"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("system crm");
                    assertThat(finding.level()).isEqualTo(Level.OK);
                    assertThat(finding.found()).startsWith("answers").contains("clockSkew", "server SQLite");
                });
    }

    @Test
    void whatASystemLacksIsSaid() throws SQLException {
        table("TEXT");
        assertThat(look(Map.of("contacts", Map.of("linkKey", "kintsugi_key"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAIL);
                    assertThat(finding.found()).contains("linkKey names a column without a unique index");
                });
        assertThat(look(Map.of("people", Map.of()))).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.found()).contains("people");
        });
    }

    @Test
    void whatAPolicyMayNotMeanIsSaidAndFailsNothing() {
        var settings = Settings.of(Map.of());
        var documents = new Documents(
                Map.of("authority", Map.of("contact", "default: {strategy: system_rank, ranking: [crn]}")));
        var asked = new Settings(folder, null, null, null, null, settings.host(), settings.port(), documents);
        var findings = new ArrayList<Finding>();
        var connectors = new Connectors(Clock.systemUTC(), folder);
        new Checkup(findings::add).configuration(new Look(null, new MemoryHubStore(), connectors), asked);
        assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.LOOK);
        assertThat(findings.get(1).found())
                .isEqualTo("authority.contact.default.ranking: the hub has no system \"crn\"");
    }
}
