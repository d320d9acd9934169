package io.kintsugi.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.kintsugi.core.model.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a data steward does all day, with the keyboard alone. A test fails on any error in the browser's console. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StewardIT {
    private final Chromium chromium = Chromium.open();
    private final List<String> errors = new ArrayList<>();
    private ServedHub hub;
    private BrowserContext window;
    private Page page;

    @BeforeEach
    void openWindow() {
        hub = new ServedHub().ada();
        window = chromium.window(new Browser.NewContextOptions().setViewportSize(1440, 900));
        page = tab();
    }

    @AfterEach
    void closeWindow() {
        window.close();
        hub.close();
        assertThat(errors).as("errors in the browser's console").isEmpty();
        errors.clear();
    }

    @AfterAll
    void closeBrowser() {
        chromium.close();
    }

    private Page tab() {
        var tab = window.newPage();
        tab.onPageError(errors::add);
        tab.onConsoleMessage(message -> {
            // a refused request is the very thing some tests are about; the page must show it
            if (message.type().equals("error") && !message.text().contains("409")) errors.add(message.text());
        });
        return tab;
    }

    private void open(String path) {
        page.navigate(hub.address + path);
    }

    private Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING,
                new Page.GetByRoleOptions().setLevel(1).setName(name).setExact(true));
    }

    private Locator button(Pattern name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    @DisplayName("One key merges, the next question is there, another key takes it back")
    void oneKeyDecidesAndOneTakesItBack() {
        hub.question(1, "Robert", "Okafor", "Leeds").question(2, "Katrin", "Vogel", "Graz");
        open("/review");
        assertThat(page.getByText("Why they may be the same")).isVisible();
        var first = page.locator("h1").textContent();
        int number = first.contains("Robert") ? 1 : 2;

        page.keyboard().press("m");
        assertThat(heading(number == 1 ? "Katrin Vogel" : "Robert Okafor")).isFocused();
        assertThat(page.getByText("Merged " + first)).isVisible();

        page.keyboard().press("u");
        assertThat(page.getByText("Taken back")).isVisible();
        assertThat(heading(first)).isVisible();
        assertThat(hub.joined(number)).isFalse();

        page.keyboard().press("m");
        assertThat(heading(number == 1 ? "Katrin Vogel" : "Robert Okafor")).isFocused();
        page.keyboard().press("n");
        assertThat(heading("Review")).isVisible();
        assertThat(page.getByText("Nothing to review")).isVisible();
        assertThat(page.getByText(": not a match")).isVisible();
        assertThat(hub.joined(number)).isTrue();
        assertThat(hub.joined(3 - number)).isFalse();
    }

    @Test
    void whatASecondStewardDecidedMeanwhileStandsAndIsShown() {
        hub.question(1, "Robert", "Okafor", "Leeds");
        open("/review");
        assertThat(heading("Robert Okafor")).isVisible();
        hub.decide(1, Decision.NO_MATCH, "p.nair");
        page.keyboard().press("m");
        assertThat(page.getByText("p.nair").first()).isVisible();
        assertThat(hub.joined(1)).isFalse();
        assertThat(hub.review(1).decidedBy()).isEqualTo("p.nair");
    }

    @Test
    void aValueTellsWhereItComesFromAndWhatLostAsSoonAsItHasTheFocus() {
        open("/goldens/" + hub.goldenOf("crm:contact:1"));
        button(Pattern.compile("^City London")).focus();
        var inspector = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Where City comes from"));
        assertThat(inspector).containsText("London");
        assertThat(inspector).containsText("Ockham");
        assertThat(inspector).containsText("The shop");
    }

    @Test
    void anIdThatWasMergedAwayLeadsOn() {
        hub.question(1, "Robert", "Okafor", "Leeds");
        var retired = hub.retire(1);
        open("/goldens/" + retired);
        assertThat(page.getByText("Merged into Robert Okafor")).isVisible();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Open Robert Okafor"))
                .click();
        assertThat(page).hasURL(hub.address + "/goldens/" + hub.goldenOf("crm:contact:q1"));
    }

    @Test
    void aMergeIsUndoneAfterItsPreview() {
        hub.question(1, "Robert", "Okafor", "Leeds");
        var retired = hub.retire(1);
        open("/goldens/" + hub.goldenOf("crm:contact:q1") + "?tab=merges");
        button(Pattern.compile("^Unmerge")).click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByText(retired)).isVisible();
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Unmerge").setExact(true))
                .click();
        assertThat(page.getByText(Pattern.compile("^Undone"))).isVisible();
        assertThat(hub.joined(1)).isFalse();
    }

    @Test
    void lineageIsAGraphAndWithOneKeyTheSameTable() {
        open("/goldens/" + hub.goldenOf("crm:contact:1") + "/lineage");
        var graph = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Lineage graph"));
        assertThat(graph.getByText("Ada Lovelace")).isVisible();
        page.keyboard().press("t");
        var table = page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Lineage"));
        assertThat(table.getByText("Survives").first()).isVisible();
        assertThat(table.getByText("Ockham").first()).isVisible();
        assertThat(page).hasURL(Pattern.compile("view=table"));
    }

    @Test
    void ctrlKFindsARecordByTheKeyOfASystem() {
        open("/");
        assertThat(heading("Home")).isVisible();
        page.keyboard().press("Control+k");
        page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Search records and pages"))
                .fill("shop:contact:1");
        assertThat(button(Pattern.compile("Ada Lovelace"))).isVisible();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(heading("Ada Lovelace")).isVisible();
    }

    @Test
    void aChangeAppearsByItself() {
        open("/");
        assertThat(page.getByText("Live", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Ada Lovelace"))
                        .first())
                .isVisible();
        hub.record("crm:contact:9", Map.of("givenName", "Grace", "familyName", "Hopper", "email", "grace@example.org"));
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Grace Hopper")))
                .isVisible();
    }

    @Test
    @DisplayName("Ten tabs work at once: they share one stream of events, or the browser would run out of connections")
    void tenTabsWorkAtOnce() {
        var tabs = new ArrayList<Page>();
        for (int i = 0; i < 10; i++) {
            var tab = tab();
            tab.navigate(hub.address + "/");
            tabs.add(tab);
        }
        hub.record("crm:contact:9", Map.of("givenName", "Grace", "familyName", "Hopper", "email", "grace@example.org"));
        for (var tab : tabs) {
            assertThat(tab.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Grace Hopper")))
                    .isVisible();
        }
    }
}
