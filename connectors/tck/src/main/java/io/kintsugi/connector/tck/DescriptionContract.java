package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Linker;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.PushReceiver;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Writer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a connector says about itself holds together; capabilities are verified, not trusted. */
abstract class DescriptionContract extends Contract {
    @Test
    void theFactoryIsFoundByItsType() {
        String type = subject.factory().spec().type();
        assertThat(ServiceLoader.load(ConnectorFactory.class))
                .as("META-INF/services/%s names the factory", ConnectorFactory.class.getName())
                .extracting(factory -> factory.spec().type())
                .containsOnlyOnce(type);
    }

    @Test
    void theSpecIsStableAndNamesEverySettingOnce() {
        ConnectorSpec spec = subject.factory().spec();
        assertThat(subject.factory().spec()).isEqualTo(spec);
        assertThat(spec.type()).isNotBlank();
        assertThat(spec.label()).isNotBlank();
        assertThat(spec.settings()).extracting(ConnectorSpec.Setting::name).doesNotHaveDuplicates();
        assertThat(spec.settings())
                .extracting(ConnectorSpec.Setting::description)
                .allSatisfy(each -> assertThat(each).isNotBlank());
        assertThat(spec.settings())
                .extracting(ConnectorSpec.Setting::name)
                .as("the settings the subject uses are declared")
                .containsAll(subject.settings().keySet());
    }

    @Test
    void aMissingRequiredSettingIsNamed() {
        for (ConnectorSpec.Setting setting : subject.factory().spec().settings()) {
            if (!setting.required()) continue;
            Map<String, Object> settings = new HashMap<>(subject.settings());
            settings.remove(setting.name());
            assertThatThrownBy(() -> connect(settings))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining(setting.name());
        }
    }

    @Test
    void aSystemThatAnswersChecksOut() throws Exception {
        var report = connector.check();
        assertThat(report.problems()).isEmpty();
        assertThat(report.ok()).isTrue();
    }

    @Test
    void aSystemThatIsAwayIsATransientTrouble() throws Exception {
        shownOnlyIf(subject.unplug(), "the subject cannot be unplugged");
        assertThatThrownBy(() -> connector.check()).isInstanceOf(ConnectorException.Transient.class);
    }

    @Test
    void discoveryListsEachStreamAndFieldOnce() throws Exception {
        Catalog catalog = connector.discover();
        assertThat(catalog.system()).isEqualTo(SYSTEM);
        assertThat(catalog.streams())
                .extracting(StreamDef::name)
                .doesNotHaveDuplicates()
                .contains(subject.stream());
        for (StreamDef stream : catalog.streams())
            assertThat(stream.fields())
                    .as("fields of %s", stream.name())
                    .extracting(FieldDef::name)
                    .doesNotHaveDuplicates();
        List<String> fields = definition().fields().stream().map(FieldDef::name).toList();
        assertThat(fields)
                .containsAll(subject.textFields())
                .containsAll(subject.required().keySet());
        if (subject.linkKeyField() != null)
            assertThat(can().writing().linkKeys()).contains(subject.linkKeyField());
    }

    @Test
    void theFingerprintOutlivesARestart() throws Exception {
        String before = connector.discover().fingerprint();
        assertThat(connector.discover().fingerprint()).isEqualTo(before);
        subject.create(texts("a", "b"));
        restart();
        assertThat(connector.discover().fingerprint())
                .as("data alone does not change the fingerprint")
                .isEqualTo(before);
    }

    /** Associations and pushes have no contract yet: a connector that declares them has to bring one. */
    @Test
    @Tag("CON-2")
    void nothingIsDeclaredThatNoContractProves() throws Exception {
        for (StreamDef stream : connector.discover().streams()) {
            assertThat(stream.can().ops()).doesNotContain(Op.LINK);
            assertThat(stream.can().feeds()).doesNotContain(Feed.PUSH_HINTS, Feed.PUSH_VALUES);
        }
    }

    @Test
    @Tag("CON-1")
    void aFacetIsThereExactlyIfSomeStreamDeclaresItsUse() throws Exception {
        Set<Op> ops = EnumSet.noneOf(Op.class);
        Set<Feed> feeds = EnumSet.noneOf(Feed.class);
        for (StreamDef stream : connector.discover().streams()) {
            ops.addAll(stream.can().ops());
            feeds.addAll(stream.can().feeds());
        }
        assertFacet(SnapshotSource.class, feeds.contains(Feed.SNAPSHOT));
        assertFacet(
                ChangeSource.class,
                feeds.contains(Feed.INCREMENTAL) || feeds.contains(Feed.DELETES) || feeds.contains(Feed.MERGES));
        assertFacet(PushReceiver.class, feeds.contains(Feed.PUSH_HINTS) || feeds.contains(Feed.PUSH_VALUES));
        assertFacet(
                Writer.class,
                ops.contains(Op.CREATE)
                        || ops.contains(Op.UPDATE)
                        || ops.contains(Op.DELETE)
                        || ops.contains(Op.ARCHIVE));
        assertFacet(Merger.class, ops.contains(Op.MERGE));
        assertFacet(Restorer.class, ops.contains(Op.UNDELETE));
        assertFacet(Linker.class, ops.contains(Op.LINK));
        assertThat(connector.facet(String.class)).as("a facet nobody knows").isEmpty();
    }

    private void assertFacet(Class<?> type, boolean declared) {
        assertThat(connector.facet(type).isPresent())
                .as("facet(%s), %s", type.getSimpleName(), declared ? "declared" : "not declared")
                .isEqualTo(declared);
        if (declared) assertThat(facet(type)).as("same instance each time").isSameAs(facet(type));
    }

    @Test
    @Tag("CON-1")
    void capabilitiesHoldTogether() throws Exception {
        for (StreamDef stream : connector.discover().streams()) {
            Capabilities can = stream.can();
            if (can.ops().contains(Op.CLEAR_FIELD) || can.ops().contains(Op.CONDITIONAL_UPDATE))
                assertThat(can.ops()).as("ways to update, so updates").contains(Op.UPDATE);
        }
    }

    @Test
    void closingTwiceIsHarmless() throws Exception {
        connector.check();
        connector.close();
        connector.close();
    }
}
