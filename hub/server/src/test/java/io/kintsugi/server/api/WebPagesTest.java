package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPagesTest {
    private final ApiUnderTest hub = new ApiUnderTest();

    @AfterAll
    void stop() {
        hub.close();
    }

    @Test
    void theDocumentationWorksWithoutInlineScriptsAndWithoutTheInternet() {
        var page = hub.http.get("/docs").expect(200);
        assertThat(page.text()).doesNotContain("http://", "https://").doesNotContainPattern("<script>");
        var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page.text())
                .results()
                .map(m -> m.group(1))
                .toList();
        assertThat(links).hasSize(3);
        for (var link : links) hub.http.get(link).expect(200);
        assertThat(hub.http.get("/docs/init.js").header("Content-Type")).startsWith("text/javascript");
    }

    @Test
    void theContractIsServed() {
        assertThat(hub.http.get("/api/v1/openapi.yaml").expect(200).text()).startsWith("openapi: 3.1");
    }

    /** Runs with and without the UI on the class path: {@code ui.skip} leaves it out. */
    @Test
    void theFirstPageIsTheUiOrSaysThatThereIsNone() {
        var page = hub.http.get("/", "Accept", "text/html").expect(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        boolean hasUi = WebPages.class.getResource("/webui/index.html") != null;
        if (!hasUi) assertThat(page.text()).contains("Kintsugi is running", "/docs");
        hub.http.get("/review/some-id", "Accept", "text/html").expect(hasUi ? 200 : 404);
    }

    @Test
    void afterAnUpgradeNoBrowserGoesOnWithThePageOfTheVersionBefore() {
        for (var path : List.of("/", "/index.html", "/scheme.js")) {
            var page = hub.http.get(path, "Accept", "text/html");
            if (page.status() == 404) continue; // a build without the UI
            assertThat(page.header("Cache-Control")).as(path).isEqualTo("no-store");
        }
        assertThat(hub.http.get("/", "Accept", "text/html").header("ETag")).isNull();
    }

    @Test
    void aMissingFileIsNotFoundInsteadOfBeingAnsweredWithThePage() {
        hub.http.get("/assets/old-1234.js").expect(404);
        hub.http.get("/swagger-ui/none.js").expect(404);
    }
}
