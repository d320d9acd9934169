package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.FieldFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reference/configuration.md shows configurations that work, and names every mapping function. */
class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("../../docs/reference/configuration.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyExampleOfThePageWorks() throws Exception {
        var examples = EXAMPLE.matcher(Files.readString(PAGE));
        int found = 0;
        while (examples.find()) {
            found++;
            var settings = Settings.parse("example " + found, examples.group(1), Map.of("GRAPH_PASSWORD", "x"));
            try (var store = new MemoryHubStore()) {
                var model = new ModelStore(store, Clock.systemUTC()).publish(settings.documents(), "test");
                assertThat(model.entityTypes()).isNotEmpty();
            }
        }
        assertThat(found).isPositive();
    }

    @Test
    void thePageNamesEveryFunction() throws Exception {
        var page = Files.readString(PAGE);
        for (var function : FieldFunction.all()) assertThat(page).contains("`" + function.name() + "`");
    }

    @Test
    void theDatabaseOfAnExternalGraphCanBeNamed() {
        var yaml = "neo4j: {uri: 'bolt://graph', password: x, database: crm}";
        assertThat(Settings.parse("a", yaml, Map.of()).neo4jDatabase()).isEqualTo("crm");
        assertThat(Settings.parse("a", yaml, Map.of("KINTSUGI_NEO4J_DATABASE", "erp"))
                        .neo4jDatabase())
                .isEqualTo("erp");
        assertThat(Settings.parse("a", "neo4j: {uri: 'bolt://graph', password: x}", Map.of())
                        .neo4jDatabase())
                .isNull();
        assertThatThrownBy(() -> Settings.parse("a", "neo4j: {database: crm}", Map.of()))
                .hasMessageContaining("leave it out");
    }

    @Test
    void thePageNamesEveryEnvironmentVariable() throws Exception {
        var page = Files.readString(PAGE);
        var code = Files.readString(Path.of("src/main/java/io/kintsugi/server/config/Settings.java"));
        var names = Pattern.compile("\"(KINTSUGI_[A-Z0-9_]+)\"").matcher(code);
        while (names.find()) assertThat(page).contains(names.group(1));
    }

    @Test
    void anUnknownKeyFailsWithTheNearestKnownOne() {
        assertThatThrownBy(() -> Settings.parse("kintsugi.yaml", "http: {prot: 7070}", Map.of()))
                .hasMessageContaining("kintsugi.yaml.http")
                .hasMessageContaining("did you mean \"port\"");
    }

    private static void publish(String yaml) {
        try (var store = new MemoryHubStore()) {
            var documents = Settings.parse("a", yaml, Map.of()).documents();
            new ModelStore(store, Clock.systemUTC()).publish(documents, "test");
        }
    }

    @Test
    void aReferenceSaysWhereItLeadsAndItsSystemsKnowThat() {
        var plant = """
                entities:
                  plant: {kind: item, attributes: {title: title, owner: %s}}
                systems:
                  crm:
                    connector: none
                    streams:
                      plants: {entity: plant, write: false, fields: {name: title, account_id: owner}}
                """;
        assertThatThrownBy(() -> publish(plant.formatted("reference")))
                .hasMessageContaining("entities.plant.attributes.owner")
                .hasMessageContaining("add it, such as to: account");
        assertThatThrownBy(() -> publish(plant.formatted("{type: reference, to: accuont}")))
                .hasMessageContaining("entities.plant.attributes.owner leads to \"accuont\"");
        assertThatThrownBy(() -> publish(plant.formatted("{type: reference, to: account}")))
                .hasMessageContaining("systems.crm.streams.plants maps owner")
                .hasMessageContaining("no stream of crm is mapped to account");
        publish(plant.formatted("{type: reference, to: account}")
                + "      firms: {entity: account, write: false, fields: {name: name}}\n");
    }
}
