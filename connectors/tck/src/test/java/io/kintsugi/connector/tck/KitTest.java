package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The kit passes a connector that keeps the contract and finds each way to break it. */
@DisplayName("CON-2 the contract kit")
final class KitTest {
    private static TestExecutionSummary examine(Class<?> connector) {
        var summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(connector))
                                .build(),
                        summary);
        return summary.getSummary();
    }

    private static String card(Class<?> connector) throws Exception {
        return Files.readString(Path.of("target", "connector-report", connector.getSimpleName() + ".md"));
    }

    @Test
    @DisplayName("CON-2 a sound connector passes, and its card has a row for each of the eight aspects")
    void aConnectorThatKeepsTheContractPassesAndGetsAReportCard() throws Exception {
        TestExecutionSummary summary = examine(None.class);
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(80);
        assertThat(card(None.class))
                .contains("# Report card: Shelf in memory (shelf)", "broken 0", "A position survives a restart")
                .contains("not shown 2") // a shelf cannot be unplugged and holds nothing unreadable
                .contains(
                        "| Boundary cursor | kept in ",
                        "| Duplicate delivery | kept in ",
                        "| Reorder | kept in ",
                        "| Too many calls (429) | kept in ",
                        "| Partial batch | kept in ",
                        "| Lost delete | kept in ",
                        "| Merge | kept in ",
                        "| Schema change | kept in ");
    }

    @Test
    @DisplayName("CON-2 what a subject cannot bring about is not called kept")
    void whatASubjectCannotBringAboutIsNotShown() throws Exception {
        assertThat(examine(Unhelpful.class).getTestsFailedCount()).isZero();
        assertThat(card(Unhelpful.class))
                .contains(
                        "| Too many calls (429) | kept in 1 tests; not shown: the subject sets no limit |",
                        "| Partial batch | kept in 1 tests; not shown: the connection of the subject cannot be cut; "
                                + "not shown: the subject cannot be slowed down |");
    }

    @Test
    @DisplayName("CON-2 a part that does not apply is left out, and a connector that writes nothing can pass")
    void aConnectorThatOnlyReadsPasses() throws Exception {
        assertThat(examine(ReadOnly.class).getFailures())
                .extracting(failure -> failure.getException())
                .isEmpty();
        assertThat(card(ReadOnly.class)).contains("| operations |  |", "| Merge | kept in 1 tests; not applicable: ");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    @DisplayName("CON-2 each way to break the contract is found by the test that is about it")
    void aConnectorThatBreaksThePromiseIsFound(Fault fault) throws Exception {
        Class<?> faulty = Arrays.stream(KitTest.class.getDeclaredClasses())
                .filter(each -> each.getSimpleName().equals(className(fault)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no class " + className(fault) + " examines the fault"));
        assertThat(examine(faulty).getFailures())
                .extracting(failure -> failure.getTestIdentifier().getUniqueId())
                .anyMatch(test -> test.contains(fault.foundBy + "("));
        assertThat(card(faulty)).contains("**broken**");
    }

    private static String className(Fault fault) {
        StringBuilder name = new StringBuilder();
        for (String word : fault.name().split("_"))
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        return name.toString();
    }

    /** Examines a shelf with the fault that its own name says. */
    abstract static class Examined extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Arrays.stream(Fault.values())
                    .filter(fault -> className(fault).equals(getClass().getSimpleName()))
                    .findFirst()
                    .orElseThrow());
        }
    }

    static final class ReadOnly extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            Shelf shelf = new Shelf(Fault.NONE);
            shelf.writable = false;
            return shelf;
        }
    }

    static final class Unhelpful extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            Shelf shelf = new Shelf(Fault.NONE);
            shelf.helpful = false;
            return shelf;
        }
    }

    static final class None extends Examined {}

    static final class LosesAChangeAtTheBoundary extends Examined {}

    static final class TellsAPageTwice extends Examined {}

    static final class ForgetsToOfferSnapshots extends Examined {}

    static final class OverwritesFieldsNobodyNamed extends Examined {}

    static final class AnswersOnlyTheOpsThatWorked extends Examined {}

    static final class CallsUnknownIdsDeleted extends Examined {}

    static final class ReadsForeignPositions extends Examined {}

    static final class DeclaresArchivingItRefuses extends Examined {}

    static final class TakesStaleUpdates extends Examined {}

    static final class TakesStaleDeletes extends Examined {}

    static final class FilesLateCommitsUnderTheirBeginning extends Examined {}

    static final class CreatesARepeatedKeyAgain extends Examined {}

    static final class TakesARefusedCallForNoNews extends Examined {}

    static final class KeepsAPauseToItself extends Examined {}

    static final class CallsSometimesWithoutAskingTheGate extends Examined {}

    static final class CallsACutWriteNotAttempted extends Examined {}

    static final class WritesOnAfterTheDeadline extends Examined {}

    static final class LosesDeletesOfARecordJustCreated extends Examined {}

    static final class TellsADeleteAfterTheRecreation extends Examined {}

    static final class LosesDeletesWhileASnapshotIsRead extends Examined {}

    static final class CallsAForgottenPositionQuiet extends Examined {}

    static final class UndeletesNothing extends Examined {}

    static final class UndeletesUnderANewId extends Examined {}

    static final class MergesTheFirstLoserOnly extends Examined {}

    static final class SaysThatAllLosersWereMerged extends Examined {}

    static final class ForgetsWhatItMerged extends Examined {}

    static final class MergesButKeepsTheLoser extends Examined {}

    static final class FollowsOneMergeOnly extends Examined {}

    static final class TellsMergesAsDeletes extends Examined {}

    static final class BlamesEveryFieldForDrift extends Examined {}

    static final class ReadsRenamedFieldsAsEmpty extends Examined {}

    static final class KeepsTheFingerprintWhenATypeChanges extends Examined {}

    static final class DeclaresLinks extends Examined {}
}
