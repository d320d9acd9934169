package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.kintsugi.connector.tck.Shelf.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static TestExecutionSummary examine(Class<? extends ConnectorContract> connector) {
        var summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(connector))
                                .build(),
                        summary);
        return summary.getSummary();
    }

    @Test
    void aConnectorThatKeepsTheContractPassesAndGetsAReportCard() throws Exception {
        Path report = Path.of("target", "connector-report", "Sound.md");
        Files.deleteIfExists(report);
        TestExecutionSummary summary = examine(Sound.class);
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(50);
        assertThat(Files.readString(report))
                .contains("# Report card: Shelf in memory (shelf)", "broken 0", "A position survives a restart");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aConnectorThatBreaksThePromiseIsFound(Fault fault) throws Exception {
        Class<? extends ConnectorContract> faulty = faulty().stream()
                .filter(each -> ((Shelf) subject(each)).fault == fault)
                .findFirst()
                .orElseThrow();
        assertThat(examine(faulty).getTestsFailedCount()).isPositive();
        assertThat(Files.readString(Path.of("target", "connector-report", faulty.getSimpleName() + ".md")))
                .contains("**broken**");
    }

    private static Subject subject(Class<? extends ConnectorContract> contract) {
        try {
            return contract.getDeclaredConstructor().newInstance().newSubject();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Class<? extends ConnectorContract>> faulty() {
        return List.of(
                LosesAChangeAtTheBoundary.class,
                TellsAPageTwice.class,
                ForgetsToOfferSnapshots.class,
                OverwritesFieldsNobodyNamed.class,
                AnswersOnlyTheOpsThatWorked.class,
                CallsUnknownIdsDeleted.class,
                ReadsForeignPositions.class,
                DeclaresDeletesItRefuses.class,
                TakesStaleUpdates.class);
    }

    static final class Sound extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.NONE);
        }
    }

    static final class LosesAChangeAtTheBoundary extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.LOSES_A_CHANGE_AT_THE_BOUNDARY);
        }
    }

    static final class TellsAPageTwice extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.TELLS_A_PAGE_TWICE);
        }
    }

    static final class ForgetsToOfferSnapshots extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.FORGETS_TO_OFFER_SNAPSHOTS);
        }
    }

    static final class OverwritesFieldsNobodyNamed extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.OVERWRITES_FIELDS_NOBODY_NAMED);
        }
    }

    static final class AnswersOnlyTheOpsThatWorked extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.ANSWERS_ONLY_THE_OPS_THAT_WORKED);
        }
    }

    static final class CallsUnknownIdsDeleted extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.CALLS_UNKNOWN_IDS_DELETED);
        }
    }

    static final class ReadsForeignPositions extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.READS_FOREIGN_POSITIONS);
        }
    }

    static final class DeclaresDeletesItRefuses extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.DECLARES_DELETES_IT_REFUSES);
        }
    }

    static final class TakesStaleUpdates extends ConnectorContract {
        @Override
        protected Subject newSubject() {
            return new Shelf(Fault.TAKES_STALE_UPDATES);
        }
    }
}
