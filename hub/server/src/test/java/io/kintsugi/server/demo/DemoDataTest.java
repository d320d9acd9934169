package io.kintsugi.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.connector.Translator.Unmappable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo invents, as its systems hold it and as the hub reads it. */
class DemoDataTest {
    @TempDir
    private Path temp;

    @Test
    void theSameSeedGivesTheSameRowsAndAnotherGivesOthers() {
        assertThat(DemoData.of(7, 600)).isEqualTo(DemoData.of(7, 600));
        assertThat(DemoData.of(8, 600)).isNotEqualTo(DemoData.of(7, 600));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 600, 3000})
    void thereAreAboutAsManyRowsAsAskedForInAllSixTables(int records) {
        var tables = DemoData.of(7, records);
        assertThat(tables.keySet()).containsExactlyElementsOf(DemoData.TABLES);
        assertThat(tables.values()).noneMatch(table -> table.rows().isEmpty());
        int rows =
                tables.values().stream().mapToInt(table -> table.rows().size()).sum();
        assertThat(rows).isBetween(records, records + 40);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRowHasAnIdOfItsOwn(long seed) {
        DemoData.of(seed, 600).forEach((name, table) -> assertThat(table.rows())
                .as(name)
                .extracting(row -> row.get(0))
                .doesNotHaveDuplicates());
    }

    @Test
    void everyRowReadsBackThroughItsConnectorButForTheTwoThatAreBrokenOnPurpose() throws Exception {
        var tables = DemoData.of(7, 600);
        var folder = new DemoFolder(temp.resolve("demo"));
        assertThat(folder.create(7, 600)).isTrue();
        var broken = new ArrayList<String>();
        for (var name : DemoData.TABLES) {
            var read = read(folder, name);
            assertThat(read.records().size() + read.unreadable().size())
                    .as(name)
                    .isEqualTo(tables.get(name).rows().size());
            read.unreadable().forEach(row -> broken.add(row.place()));
            var system = system(folder, name.split("\\.")[0]);
            var translator = new Translator(system.id(), stream(system, name));
            for (var record : read.records()) {
                try {
                    translator.read(record);
                } catch (Unmappable e) {
                    broken.add(e.getMessage());
                }
            }
        }
        assertThat(broken).hasSize(2);
        assertThat(broken).anyMatch(text -> text.contains("customers.csv") && text.contains("line"));
        assertThat(broken).anyMatch(text -> text.contains("born"));
    }

    @Test
    void thereIsSomethingToDecideAndSomethingThatNobodyCanTellAnythingAbout() throws Exception {
        var type = ModelReader.entityType("contact", ModelStore.shipped("contact"));
        var matcher = new Matcher(type, Matcher.defaults(type));
        var profiles = profiles(type, matcher);
        assertThat(profiles)
                .filteredOn(profile -> matcher.blockKeys(profile).isEmpty())
                .hasSize(2);
        int sure = 0;
        int open = 0;
        for (int i = 0; i < profiles.size(); i++) {
            for (int j = i + 1; j < profiles.size(); j++) {
                switch (matcher.compare(profiles.get(i), profiles.get(j)).decision()) {
                    case MATCH -> sure++;
                    case REVIEW -> open++;
                    case NO_MATCH -> {}
                }
            }
        }
        assertThat(sure).isGreaterThan(200);
        assertThat(open).isBetween(3, sure / 5);
    }

    private List<Profile> profiles(EntityType type, Matcher matcher) throws Exception {
        var folder = new DemoFolder(temp.resolve("demo"));
        folder.create(7, 600);
        var profiles = new ArrayList<Profile>();
        for (var name : DemoData.TABLES.subList(0, 3)) {
            var system = system(folder, name.split("\\.")[0]);
            var translator = new Translator(system.id(), stream(system, name));
            for (var record : read(folder, name).records()) {
                try {
                    var seen = translator.read(record);
                    profiles.add(matcher.profile(seen.key(), seen.attributes()));
                } catch (Unmappable e) {
                    continue; // one is broken on purpose
                }
            }
        }
        return profiles;
    }

    @Test
    void aSecondStartKeepsWhatTheFirstMade() throws Exception {
        var folder = new DemoFolder(temp.resolve("demo"));
        assertThat(folder.create(7, 200)).isTrue();
        var before = Files.readString(folder.path("shop/customers.csv"));
        assertThat(folder.create(8, 400)).isFalse();
        assertThat(folder.path("shop/customers.csv")).hasContent(before);
    }

    @Test
    void aHalfMadeFolderIsMadeAgain() throws Exception {
        var folder = new DemoFolder(temp.resolve("demo"));
        folder.create(7, 200);
        Files.delete(folder.path("complete"));
        assertThat(folder.create(7, 200)).isTrue();
        assertThat(folder.path("complete")).exists();
    }

    @Test
    void aFolderWithOtherThingsInItIsRefusedAndLeftAlone() throws Exception {
        Files.writeString(temp.resolve("diary.txt"), "mine");
        assertThatThrownBy(() -> new DemoFolder(temp).create(7, 200))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("diary.txt")
                .hasMessageContaining("--data");
        assertThat(temp).isDirectoryContaining(path -> path.endsWith("diary.txt"));
        assertThat(temp.resolve("crm.db")).doesNotExist();
    }

    private record Read(List<NativeRecord> records, List<Unreadable> unreadable) {}

    private static Read read(DemoFolder folder, String name) throws Exception {
        var system = system(folder, name.split("\\.")[0]);
        var stream = stream(system, name);
        var translator = new Translator(system.id(), stream);
        var read = new Read(new ArrayList<>(), new ArrayList<>());
        try (var files = Files.list(folder.path("shop"))) { // written long ago, so nobody is still at it
            for (var file : files.toList()) Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        }
        try (var connector = new Connectors(Clock.systemUTC(), folder.path("state")).open(system)) {
            var snapshots = connector.facet(SnapshotSource.class).orElseThrow();
            Checkpoint cursor = null;
            while (true) {
                var page = snapshots.page(new Query(stream.stream(), translator.fields()), cursor, 100);
                read.records().addAll(page.records());
                read.unreadable().addAll(page.unreadable());
                if (page.last()) return read;
                cursor = page.next();
            }
        }
    }

    private static StreamMapping stream(SystemConfig system, String name) {
        return system.streams().stream()
                .filter(stream -> name.equals(system.id() + "." + stream.stream()))
                .findFirst()
                .orElseThrow();
    }

    private static SystemConfig system(DemoFolder folder, String id) {
        var types = ModelStore.SHIPPED.stream()
                .map(name -> ModelReader.entityType(name, ModelStore.shipped(name)))
                .toList();
        var documents = folder.settings(Map.of()).documents().documents();
        return ModelReader.system(id, types, documents.get("system").get(id));
    }
}
