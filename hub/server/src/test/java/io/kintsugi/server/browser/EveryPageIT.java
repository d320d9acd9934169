package io.kintsugi.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every page, with data: accessible in both colour schemes, readable on a telephone, no error in the console. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPageIT {
    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
    private static final List<String> COLOURS = List.of("color-contrast", "link-in-text-block");

    private final Chromium chromium = Chromium.open();
    private final ServedHub hub = new ServedHub()
            .ada()
            .question(1, "Robert", "Okafor", "Leeds")
            .question(2, "Katrin", "Vogel", "Graz")
            .stuck()
            .deletes();
    private final String retired = hub.retire(2);

    @AfterAll
    void close() {
        hub.close();
        chromium.close();
    }

    /** A text of each page that is there when its data is. */
    private Map<String, String> pages() {
        var ada = "/goldens/" + hub.goldenOf("crm:contact:1");
        var pages = new LinkedHashMap<String, String>();
        pages.put("/", "Just now");
        pages.put("/review", "Why they may be the same");
        pages.put("/goldens", "that is all");
        pages.put(ada, "Lineage of this value");
        pages.put(ada + "?asOf=" + hub.now(), "What its records held");
        pages.put(ada + "?tab=sources", "Side by side");
        pages.put(ada + "?tab=history", "Created");
        pages.put(ada + "?tab=why", "Together");
        pages.put(ada + "?tab=outbound", "refuses the value");
        pages.put(ada + "?tab=json", "Copy as curl");
        pages.put(ada + "/lineage?view=graph", "Choose a node");
        pages.put(ada + "/lineage?view=table", "that is all");
        pages.put("/goldens/" + hub.goldenOf("crm:contact:q2") + "?tab=merges", "Unmerge");
        pages.put("/merges", "that is all");
        pages.put("/goldens/" + retired, "Merged into");
        pages.put("/goldens/none", "Try again");
        pages.put("/explain", "Name two records");
        pages.put("/explain?a=crm:contact:1&b=shop:contact:1", "What else decides");
        pages.put("/authority", "Everything else");
        pages.put("/deletes", "Where no cell says more");
        pages.put("/deletes?tab=deletions", "by a person in the hub");
        pages.put("/deletes/" + hub.deletionOf("crm:contact:linus"), "a complete reading lacks it");
        pages.put("/review/" + hub.deletionReview("erp:contact:grace") + "?kind=DELETED", "held back");
        pages.put("/review/" + hub.deletionReview("erp:contact:emmy") + "?kind=DELETED", "delete it in");
        pages.put("/goldens/" + hub.goldenOf("crm:contact:grace"), "What was deleted");
        pages.put("/rules", "Values that count no more");
        pages.put("/schema", "Every field is as it was agreed on");
        pages.put("/systems", "that is all");
        pages.put("/systems/crm", "Written to it");
        pages.put("/activity", "Nothing ran yet");
        pages.put("/activity?tab=outbox", "refuses the value");
        pages.put("/activity?tab=parked", "Try again");
        pages.put("/activity?tab=rows", "line 41");
        pages.put("/nowhere", "There is no such page");
        return pages;
    }

    private static String fileName(String path) {
        return path.replaceAll("[^a-z0-9]+", "-");
    }

    @Test
    void isAccessibleInBothColourSchemesAndWithoutErrors() {
        var faults = new ArrayList<String>();
        try (var window = chromium.window(new Browser.NewContextOptions().setViewportSize(1440, 900))) {
            pages().forEach((path, text) -> {
                var page = open(window.newPage(), path, text, faults);
                for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                    assertThat(page.locator("html"))
                            .hasAttribute(
                                    "data-mantine-color-scheme", scheme.name().toLowerCase(Locale.ROOT));
                    violations(page, scheme).forEach(violation -> faults.add(path + ", " + scheme + ": " + violation));
                    page.screenshot(new Page.ScreenshotOptions().setPath(Chromium.picture(scheme + fileName(path))));
                }
                page.close();
            });
        }
        assertThat(faults).isEmpty();
    }

    /**
     * The legacy mode differs for frames of other origins alone, of which there are none, and opens no page of its own for them. Schemes
     * differ in colours alone, so all else is looked at once.
     */
    private static List<String> violations(Page page, ColorScheme scheme) {
        var axe = new AxeBuilder(page).setLegacyMode(true);
        var rules = scheme == ColorScheme.LIGHT ? axe.withTags(RULES) : axe.withRules(COLOURS);
        return rules.analyze().getViolations().stream()
                .map(violation -> violation.getId() + ", " + violation.getHelp() + ": "
                        + violation.getNodes().get(0).getHtml())
                .toList();
    }

    @Test
    void isReadableOnANarrowScreenWithoutScrollingSideways() {
        var faults = new ArrayList<String>();
        try (var window = chromium.window(new Browser.NewContextOptions().setViewportSize(320, 640))) {
            pages().forEach((path, text) -> {
                var page = open(window.newPage(), path, text, faults);
                var beyond =
                        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (!beyond.equals(0)) faults.add(path + " is " + beyond + " pixels too wide");
                page.screenshot(new Page.ScreenshotOptions().setPath(Chromium.picture("narrow" + fileName(path))));
                page.close();
            });
        }
        assertThat(faults).isEmpty();
    }

    private Page open(Page page, String path, String text, List<String> faults) {
        page.onPageError(error -> faults.add(path + ": " + error));
        page.onConsoleMessage(message -> {
            boolean expected = path.endsWith("/none") && message.text().contains("404");
            if (message.type().equals("error") && !expected) faults.add(path + ": " + message.text());
        });
        page.navigate(hub.address + path);
        assertThat(page.getByText(text).locator("visible=true").first()).isVisible();
        return page;
    }

    @Test
    void theDocumentationOfTheApiOpensUnderTheSameSecurityPolicy() {
        var faults = new ArrayList<String>();
        try (var window = chromium.window(new Browser.NewContextOptions())) {
            open(window.newPage(), "/docs", "Kintsugi API", faults);
        }
        assertThat(faults).isEmpty();
    }
}
