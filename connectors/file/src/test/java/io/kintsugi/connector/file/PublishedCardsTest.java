package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** docs/reference/report-card-files.md is what the contract says of this connector today. */
final class PublishedCardsTest {
    private static final Path PAGE = Path.of("../../docs/reference/report-card-files.md");

    @Test
    @DisplayName("CON-2 the published report card is the one the contract gives")
    void thePublishedCardIsTheOneTheContractGives() throws Exception {
        StringBuilder page = new StringBuilder();
        for (Class<?> contract : List.of(CsvConnectorTest.class, JsonlConnectorTest.class)) {
            LauncherFactory.create()
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(selectClass(contract))
                            .build());
            String card = Files.readString(Path.of("target", "connector-report", contract.getSimpleName() + ".md"));
            page.append(card.replaceFirst("\n", ": " + contract.getSimpleName().replace("ConnectorTest", "") + "\n"))
                    .append('\n');
        }
        Path now = Path.of("target", PAGE.getFileName().toString());
        Files.writeString(now, page.toString().lines().collect(Collectors.joining("\n", "", "\n")));
        assertThat(PAGE)
                .as("%s; if the change is meant, copy %s there", PAGE, now.toAbsolutePath())
                .hasSameTextualContentAs(now);
    }
}
