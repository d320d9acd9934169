package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource.Page;
import io.kintsugi.connector.spi.Unreadable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A snapshot reads every record, page by page, and can go on anywhere. */
abstract class SnapshotContract extends Contract {
    private static final int MANY_PAGES = 200;

    @BeforeEach
    void declared() throws Exception {
        needs(Feed.SNAPSHOT);
    }

    private List<String> createRecords(int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) ids.add(subject.create(texts("record " + i, i % 2 == 0 ? null : "odd")));
        subject.settle();
        return ids;
    }

    private List<Page> pages(Checkpoint from, int maxRecords) throws Exception {
        List<Page> pages = new ArrayList<>();
        Checkpoint cursor = from;
        do {
            Page page = snapshots().page(everything(), cursor, maxRecords);
            pages.add(page);
            assertThat(page.records())
                    .hasSizeLessThanOrEqualTo(
                            Math.min(maxRecords, can().reading().maxPage()));
            assertThat(pages).as("pages of one snapshot").hasSizeLessThan(MANY_PAGES);
            if (page.last()) return pages;
            assertThat(page.next())
                    .as("cursor after a page that is not the last")
                    .isNotNull();
            cursor = page.next();
        } while (true);
    }

    private static List<String> ids(List<Page> pages) {
        return pages.stream()
                .flatMap(page -> page.records().stream())
                .map(record -> record.id().id())
                .toList();
    }

    @Test
    void everyRecordComesOnceWhateverThePageSize() throws Exception {
        List<String> ids = createRecords(10);
        for (int size : new int[] {1, 3, 10, 11, 1000})
            assertThat(ids(pages(null, size))).as("pages of %d", size).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void anEmptyStreamIsOneLastPage() throws Exception {
        Page page = snapshots().page(everything(), null, 10);
        assertThat(page.records()).isEmpty();
        assertThat(page.last()).isTrue();
    }

    @Test
    void recordsReadAsAUserSeesThem() throws Exception {
        createRecords(4);
        for (Page page : pages(null, 3))
            for (NativeRecord record : page.records())
                assertThat(textsOf(record)).isEqualTo(seen(record.id().id()));
    }

    @Test
    void aPageCanBeReadAgainWithTheSameCursor() throws Exception {
        createRecords(7);
        Page one = snapshots().page(everything(), null, 3);
        Page two = snapshots().page(everything(), one.next(), 3);
        Page again = snapshots().page(everything(), one.next(), 3);
        assertThat(again.records()).isEqualTo(two.records());
        assertThat(again.last()).isEqualTo(two.last());
    }

    @Test
    void aSnapshotGoesOnAfterARestart() throws Exception {
        List<String> ids = createRecords(8);
        Page one = snapshots().page(everything(), null, 3);
        restart();
        List<String> rest = ids(pages(one.next(), 3));
        List<String> all = new ArrayList<>(ids(List.of(one)));
        all.addAll(rest);
        assertThat(all).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void recordsThatStayAreNotLostWhenOthersComeWhileReading() throws Exception {
        List<String> ids = createRecords(9);
        Page one = snapshots().page(everything(), null, 4);
        subject.create(texts("meanwhile", null));
        List<String> read = new ArrayList<>(ids(List.of(one)));
        try {
            read.addAll(ids(pages(one.next(), 4)));
        } catch (ConnectorException.CheckpointExpired fromTheStart) {
            read = ids(pages(null, 4));
        }
        assertThat(read).containsAll(ids);
    }

    @Test
    void valuesHaveTheTypesThatDiscoveryNames() throws Exception {
        createRecords(2);
        var types = definition().fields().stream().collect(Collectors.toMap(FieldDef::name, FieldDef::type));
        for (Page page : pages(null, 10))
            for (NativeRecord record : page.records()) {
                assertThat(types)
                        .as("every field is in the catalogue")
                        .containsKeys(record.fields().keySet().toArray(String[]::new));
                record.fields().forEach((field, value) -> {
                    if (value != null)
                        assertThat(value).as("value of %s", field).isInstanceOf(javaType(types.get(field)));
                });
            }
    }

    private static Class<?> javaType(FieldType type) {
        return switch (type) {
            case BOOL -> Boolean.class;
            case INT -> Long.class;
            case DECIMAL -> BigDecimal.class;
            case DATE -> LocalDate.class;
            case DATETIME -> Instant.class;
            case MULTI_ENUM -> List.class;
            default -> String.class;
        };
    }

    @Test
    @Tag("SYN-7")
    void aRecordNobodyCanReadIsReportedWithItsPlaceAndTheRestFlows() throws Exception {
        List<String> ids = new ArrayList<>(createRecords(3));
        shownOnlyIf(subject.spoil(), "the subject holds no unreadable records");
        ids.addAll(createRecords(3));
        List<Page> pages = pages(null, 2);
        assertThat(ids(pages)).containsExactlyInAnyOrderElementsOf(ids);
        List<Unreadable> bad =
                pages.stream().flatMap(page -> page.unreadable().stream()).toList();
        assertThat(bad).hasSize(1);
        assertThat(bad.get(0).stream()).isEqualTo(subject.stream());
        assertThat(bad.get(0).place()).isNotBlank();
        assertThat(bad.get(0).reason()).isNotBlank();
        assertThat(pages(null, 1000).get(0).unreadable())
                .extracting(Unreadable::place)
                .as("the same place on every read")
                .containsExactly(bad.get(0).place());
    }

    @Test
    void aCursorOfAnotherConnectorOrALaterFormatIsRefused() throws Exception {
        createRecords(4);
        Checkpoint own = snapshots().page(everything(), null, 2).next();
        assertRefused(() -> snapshots().page(everything(), foreign(own), 2));
        assertRefused(() -> snapshots().page(everything(), newer(own), 2));
    }

    @Test
    void aStreamOrFieldThatIsNotThereIsSchemaDrift() throws Exception {
        createRecords(1);
        for (Query query : List.of(
                new Query("noSuchStream", List.of()), new Query(subject.stream(), List.of(first(), "noSuchField"))))
            assertThatThrownBy(() -> snapshots().page(query, null, 2))
                    .isInstanceOf(ConnectorException.SchemaDrift.class);
    }
}
