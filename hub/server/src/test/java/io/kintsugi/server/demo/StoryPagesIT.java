package io.kintsugi.server.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.kintsugi.server.demo.StoryWorld.ACCOUNTS;
import static io.kintsugi.server.demo.StoryWorld.CONTACTS;
import static io.kintsugi.server.demo.StoryWorld.MARKETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.kintsugi.server.browser.Chromium;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The story as a person lives through it: what happens is read on the pages, and what the hub asks is answered there. */
@Timeout(300)
class StoryPagesIT {
    private static final Map<String, String> LABELS = Map.of("crm", "CRM", "marketing", "Marketing", "erp", "ERP");
    private static final Map<String, String> KINDS = Map.of(ACCOUNTS, "Account", CONTACTS, "Contact");

    @TempDir
    private Path temp;

    private final List<String> errors = new ArrayList<>();
    private Chromium chromium;
    private ToldStory story;
    private Page page;

    @BeforeEach
    void start() throws Exception {
        chromium = Chromium.open();
        story = new ToldStory(temp);
        page = chromium.window(new Browser.NewContextOptions().setViewportSize(1440, 900))
                .newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) errors.add(message.text());
        });
    }

    @AfterEach
    void stop() {
        page.screenshot(new Page.ScreenshotOptions().setPath(Chromium.picture("story-end")));
        chromium.close();
        story.close();
    }

    @Test
    @DisplayName("SYN-5, MRG-4, DEL-3: an outage is seen to its end, and a merge is taken back, on the pages alone")
    void theWholeStory() {
        story.play();
        open("/", "Home");
        assertThat(page.getByText("Nothing. Every question is decided")).isVisible();
        for (var kind : KINDS.values())
            assertThat(table("Systems").getByText(kind + " 100 %")).hasCount(3);

        story.play();
        assertThat(page.getByText("marketing does not answer: it is unplugged")).isVisible(); // it came by itself
        open("/systems/marketing", "Marketing");
        assertThat(page.getByText("Offline").first()).isVisible();

        story.play();
        story.play();
        theCertificate();
        keepWhatTheBrakeHolds();
        restore();
        mapTheNewField();
        takeTheMergeBack();

        open("/", "Home");
        assertThat(page.getByText("Nothing. Every question is decided")).isVisible();
        assertThat(errors).as("errors in the browser's console").isEmpty();
    }

    private void theCertificate() {
        open("/activity", "Activity");
        link("Recovery").first().click();
        assertThat(heading("Recovery")).isVisible();
        assertThat(page.getByText("Every system that took part holds what it should"))
                .isVisible();
        assertThat(row("Conflicts", "Lucia Romero")).containsText("+34 911 23 06 11");
        assertThat(row("Conflicts", "Lucia Romero")).containsText("+34 911 23 06 22");
        assertThat(row("Conflicts", "Tatra Timber")).containsText("most trusted system");
        for (var system : story.world.systems()) {
            KINDS.forEach((stream, kind) -> {
                var equal = row("Equality", LABELS.get(system) + " · " + kind);
                assertThat(equal.getByRole(AriaRole.CELL).first())
                        .hasText(Integer.toString(story.world.count(system, stream)));
                assertThat(equal).containsText("Equal");
            });
        }
    }

    private void keepWhatTheBrakeHolds() {
        open("/review?kind=DELETED", "3 deletes for Marketing held back");
        page.keyboard().press("e");
        confirm("Keep all 3 in Marketing");
        assertThat(page.getByText("No question matches the filter")).isVisible();
        for (var email : Story.DELETED)
            assertThat(story.world.contact(MARKETING, email)).isNotNull();
    }

    private void restore() {
        open("/deletes?tab=deletions&type=contact", "Deletes");
        for (var name : List.of("Ingrid Solberg", "Greta Vogel", "Jonas Weber")) {
            button("Restore " + name + "…").click();
            confirm("Restore");
            assertThat(page.getByText(name + " is being restored")).isVisible();
        }
        story.time.pass(Duration.ofMinutes(3));
        for (var system : story.world.systems())
            for (var email : Story.DELETED)
                assertThat(story.world.contact(system, email)).as(system).isNotNull();
        assertThat(table("Deletions").getByText("There again", new Locator.GetByTextOptions().setExact(true)))
                .hasCount(3);
        assertThat(button(Pattern.compile("^Restore"))).hasCount(0);
    }

    private void mapTheNewField() {
        open("/schema", "Schema");
        page.getByLabel("Map to").selectOption("A new attribute");
        assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("tier");
        button("Map it").click();
        assertThat(page.getByText("Every field is as it was agreed on")).isVisible();
        story.time.pass(Duration.ofMinutes(3));
        open("/goldens?text=Kestrel", "Golden records");
        link("Kestrel Robotics").first().click();
        assertThat(button(Pattern.compile("^Tier gold"))).isVisible();
    }

    private void takeTheMergeBack() {
        open("/merges", "Merges");
        button("Unmerge " + Story.WINNER).click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Take " + Story.LOSER + " out of " + Story.WINNER + "?");
        assertThat(dialog.getByRole(AriaRole.TABLE, new Locator.GetByRoleOptions().setName("What will be written")))
                .containsText("Marketingnew record");
        confirm("Unmerge");
        assertThat(table("Merges").getByText(Pattern.compile("^Taken back"))).isVisible();
        story.time.pass(Duration.ofMinutes(3));
        for (var name : List.of(Story.WINNER, Story.LOSER)) {
            open("/goldens?type=account&text=" + name.replace(" ", "%20"), "Golden records");
            link(name).first().click();
            assertThat(heading(name)).isVisible();
            page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Sources"))
                    .click();
            for (var label : List.of("ERP", "Marketing"))
                assertThat(table("Source records")
                                .getByRole(AriaRole.ROW)
                                .filter(new Locator.FilterOptions().setHasText(label))
                                .filter(new Locator.FilterOptions().setHasText("Live")))
                        .hasCount(1);
        }
        for (var system : List.of(StoryWorld.ERP, MARKETING))
            assertThat(story.world.account(system, Story.LOSER)).as(system).isNotNull();
    }

    private void open(String path, String title) {
        page.navigate(story.address + path);
        assertThat(heading(title)).isVisible();
    }

    /** Presses a button of the dialog, which closes when that is done. */
    private void confirm(String name) {
        var dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
        assertThat(dialog).hasCount(0);
    }

    private Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING,
                new Page.GetByRoleOptions().setLevel(1).setName(name).setExact(true));
    }

    private Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator button(Pattern name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private Locator table(String name) {
        return page.getByRole(
                AriaRole.TABLE, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator row(String table, String begins) {
        return table(table)
                .getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName(Pattern.compile("^" + begins)));
    }
}
