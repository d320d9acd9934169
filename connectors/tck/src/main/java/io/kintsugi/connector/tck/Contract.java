package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One part of the contract: a fresh subject and an open connector for each test. */
abstract class Contract {
    static final String SYSTEM = "system-under-test";

    Subject subject;
    Connector connector;
    LentContext context;

    abstract Subject newSubject() throws Exception;

    @BeforeEach
    void open() throws Exception {
        subject = newSubject();
        context = new LentContext(subject.clock(), subject.secrets());
        connector = connect();
    }

    @AfterEach
    void close() {
        if (connector != null) connector.close();
        if (subject != null) subject.close();
    }

    final Connector connect() throws ConnectorException {
        return connect(subject.settings());
    }

    final Connector connect(Map<String, Object> settings) throws ConnectorException {
        return subject.factory().open(SYSTEM, settings, context);
    }

    /** As after a crash: the connector is gone, what the engine stored is all there is. */
    final void restart() throws ConnectorException {
        connector.close();
        connector = connect();
    }

    final StreamDef definition() throws ConnectorException {
        return connector.discover().streams().stream()
                .filter(each -> each.name().equals(subject.stream()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("discover() does not list the stream " + subject.stream()));
    }

    final Capabilities can() throws ConnectorException {
        return definition().can();
    }

    /**
     * Ends the test where its behaviour does not apply to the subject. The report card says so; the test does not count as skipped,
     * so that a build may refuse skipped tests.
     */
    static void onlyIf(boolean applies, String otherwise) {
        if (!applies) throw new NotApplicable("not applicable: " + otherwise);
    }

    /** Ends the test where the subject cannot bring about what the test is about: the card says that nothing is shown. */
    static void shownOnlyIf(boolean possible, String otherwise) {
        if (!possible) throw new NotApplicable("not shown: " + otherwise);
    }

    /** Caught by {@link ReportCard}. */
    static final class NotApplicable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotApplicable(String outcome) {
            super(outcome, null, false, false);
        }
    }

    final void needs(Op op) throws ConnectorException {
        onlyIf(can().ops().contains(op), "does not declare " + op);
    }

    final void needs(Feed feed) throws ConnectorException {
        onlyIf(can().feeds().contains(feed), "does not declare " + feed);
    }

    final SnapshotSource snapshots() {
        return facet(SnapshotSource.class);
    }

    final ChangeSource changes() {
        return facet(ChangeSource.class);
    }

    final <F> F facet(Class<F> type) {
        return connector
                .facet(type)
                .orElseThrow(() -> new AssertionError("declared, but facet(" + type.getSimpleName() + ") is empty"));
    }

    final Query everything() {
        return new Query(subject.stream(), List.of());
    }

    final String first() {
        return subject.textFields().get(0);
    }

    final String second() {
        return subject.textFields().get(1);
    }

    final Map<String, String> texts(String first, String second) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(first(), first);
        texts.put(second(), second);
        return texts;
    }

    final Lookup lookUp(String id) throws ConnectorException {
        Map<String, Lookup> answers = connector.lookups().byId(everything(), List.of(id));
        assertThat(answers).as("one answer for the id asked").containsOnlyKeys(id);
        return answers.get(id);
    }

    final NativeRecord found(String id) throws ConnectorException {
        assertThat(lookUp(id)).as("look-up of an existing record").isInstanceOf(Lookup.Found.class);
        return ((Lookup.Found) lookUp(id)).record();
    }

    /** Text fields of a record as the connector returned it. */
    final Map<String, Object> textsOf(NativeRecord record) {
        Map<String, Object> texts = new LinkedHashMap<>();
        for (String field : subject.textFields()) {
            assertThat(record.fields())
                    .as("an empty field is a key with a null value")
                    .containsKey(field);
            texts.put(field, record.fields().get(field));
        }
        return texts;
    }

    /** What a user sees in the text fields of a record, empty ones included. */
    final Map<String, Object> seen(String id) throws Exception {
        Map<String, String> read =
                subject.read(id).orElseThrow(() -> new AssertionError("a user does not see the record " + id));
        Map<String, Object> texts = new LinkedHashMap<>();
        subject.textFields().forEach(field -> texts.put(field, read.get(field)));
        return texts;
    }

    final Checkpoint foreign(Checkpoint own) {
        return new Checkpoint("some-other-type", own.formatVersion(), own.stream(), own.json());
    }

    final Checkpoint newer(Checkpoint own) {
        return new Checkpoint(own.connectorType(), own.formatVersion() + 1000, own.stream(), own.json());
    }

    static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .as("a position it cannot read")
                .isInstanceOfAny(ConnectorException.CheckpointExpired.class, ConnectorException.Misconfigured.class);
    }

    /** What the kit lends a connector: the subject's clock, its secrets, and gates that note what is asked of them. */
    static final class LentContext implements ConnectorContext {
        private final Clock clock;
        private final Map<String, String> values;
        final Set<String> acquired = ConcurrentHashMap.newKeySet();
        final Map<String, Duration> penalised = new ConcurrentHashMap<>();

        private LentContext(Clock clock, Map<String, String> values) {
            this.clock = clock;
            this.values = new ConcurrentHashMap<>(values);
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public SecretStore secrets() {
            return new SecretStore() {
                @Override
                public String get(String name) {
                    return values.get(name);
                }

                @Override
                public void put(String name, String value) {
                    values.put(name, value);
                }
            };
        }

        @Override
        public RateGate gate(String bucket) {
            return new RateGate() {
                @Override
                public void acquire(int cost) {
                    acquired.add(bucket);
                }

                @Override
                public void penalise(Duration retryAfter) {
                    penalised.put(bucket, retryAfter);
                }
            };
        }
    }
}
